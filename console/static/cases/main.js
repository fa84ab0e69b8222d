// The counsellors' page: puts the parts together.
import { announce, byId, h, setText } from "./dom.js";
import { cases, emit, forgetAll, listed, me, on, talks, view } from "./state.js";
import { connect, get, post, watch } from "./wire.js";
import { gone, load, marked, news, refresh } from "./talks.js";
import { flush } from "./unsent.js";
import * as attention from "./attention.js";
import * as composer from "./composer.js";
import * as dialogs from "./dialogs.js";
import * as keys from "./keys.js";
import * as list from "./list.js";
import * as picker from "./picker.js";
import * as side from "./side.js";
import * as talk from "./talk.js";

const TYPING_LASTS = 6000;
const ALIVE_EVERY = 60000;

function problem(text) {
  const place = byId("talk-body").hidden ? null : byId("talk-problem");
  if (place) {
    setText(place, text);
    place.hidden = !text;
  }
  if (text) announce(text, true);
  if (text && !place) setText(byId("summary"), text);
}

async function step(run) {
  problem("");
  try {
    await run();
  } catch (error) {
    problem(error.message[0].toUpperCase() + error.message.slice(1));
  }
}

async function open(id, focus = true) {
  if (picker.isOpen()) picker.close();
  problem("");
  const before = view.open;
  view.open = id;
  if (id && !talks.has(id)) {
    try {
      await load(id);
    } catch (error) {
      if (view.open === id) view.open = before;
      return problem(error.status ? `This case can’t be opened: ${error.message}` : "No connection: try again in a moment");
    }
    if (view.open !== id) return;
  }
  if (id) history.replaceState(null, "", `#${id}`);
  else history.replaceState(null, "", location.pathname);
  draw();
  composer.restore();
  talk.toEnd();
  if (!id) byId("live").querySelector(`.case[aria-current]`)?.focus();
  else if (focus) (byId("composer").hidden ? byId("talk-title") : byId("composer-text")).focus();
  seen();
}

const take = (id) =>
  step(async () => {
    await post(`/cases/${id}/take`);
    talks.delete(id);
    await refresh();
    await open(id);
  });

const letPass = (id) =>
  step(async () => {
    await post(`/cases/${id}/pass`);
    await refresh();
  });

const buttons = new Map();

function button(name, label, run, attributes = {}) {
  if (!buttons.has(name)) buttons.set(name, h("button", { type: "button", id: `${name}-button`, ...attributes, on: { click: run } }, label));
  return buttons.get(name);
}

function tools({ case: one, lost }) {
  const about = button("about", "About", () => side.toggle(), { "aria-expanded": "false", "aria-controls": "about" });
  if (lost) return [about];
  const id = () => view.open;
  if (one.status === "closed") return [one.can_reopen ? button("reopen", "Open again", () => step(() => post(`/cases/${id()}/reopen`))) : null, about].filter(Boolean);
  const mine = [
    button("refer", "Refer", () => dialogs.refer(id())),
    button("transfer", "Pass on", () => step(() => dialogs.transfer(id()))),
    button("give-back", "Give back", () => dialogs.giveBack(id())),
    button("close", "Close", () => dialogs.closeCase(id()), { title: "Close the case (Alt+X)" }),
  ];
  if (one.mine) return [...mine, about];
  if (!me.supervisor) return [about];
  const over = button("take-over", "Take over", () => take(id()), { class: "main" });
  return one.status === "taken" ? [over, mine[1], mine[3], about] : [over, mine[3], about];
}

function draw() {
  list.draw();
  talk.draw(tools);
  side.draw();
  composer.show();
  const typing = (view.typing.get(view.open) ?? 0) > Date.now();
  setText(byId("typing"), typing ? "The person is typing …" : "");
}

let drawing = false;

function drawSoon() {
  if (drawing) return;
  drawing = true;
  requestAnimationFrame(() => {
    drawing = false;
    draw();
  });
  // hidden tabs draw no frames, but their titles count
  if (document.hidden) {
    drawing = false;
    draw();
  }
}

let seenTo = new Map();
let seeing = null;

/** What the person wrote is in view of somebody who looks: tell them so. */
function seen() {
  clearTimeout(seeing);
  seeing = setTimeout(() => {
    const id = view.open;
    const one = talks.get(id);
    if (!one || one.lost || !one.case.mine || document.hidden || !document.hasFocus() || !talk.atEnd()) return;
    const last = one.messages.filter((m) => m.from_person && !m.seen).at(-1)?.id;
    if (!last || (seenTo.get(id) ?? 0) >= last) return;
    seenTo.set(id, last);
    // what was not noted is noted with the next message
    post(`/cases/${id}/seen`, { up_to: last }).catch(() => seenTo.delete(id));
  }, 300);
}

let alive = 0;

function somebodyIsHere() {
  if (Date.now() - alive < ALIVE_EVERY) return;
  alive = Date.now();
  // only keeps the session alive: a later one does as well
  post("/alive").catch(() => {});
}

function showAvailable() {
  byId("available").hidden = me.supervisor; // they are offered no cases
  byId("available").setAttribute("aria-pressed", String(me.available));
  setText(byId("available"), me.available ? "Available" : "Away");
}

function connection(state) {
  // what was written and not sent is kept, and sent by the page that comes
  if (state === "stale") return location.reload();
  const place = byId("connection");
  clearTimeout(connection.timer);
  if (state === "live") setText(place, "");
  else if (state === "lost") connection.timer = setTimeout(() => setText(place, "Reconnecting … what you write is kept."), navigator.onLine ? 1500 : 0);
  if (state === "out" && byId("signed-out").hidden) attention.signedOut();
  byId("signed-out").hidden = state !== "out";
  document.body.classList.toggle("offline", state !== "live");
}

on("lists", ({ before }) => {
  attention.look(before);
  showAvailable();
  drawSoon();
});
on("talk", (id) => {
  drawSoon();
  if (id === view.open) seen();
});
on("sent", (id) => talks.has(id) && news(id));
on("connection", (state) => {
  connection(state);
  if (state === "live") flush();
});
on("problem", problem);

list.start({ open, take, pass: letPass });
talk.start(composer.writeAgain);
composer.start(picker.open);
picker.start();
side.start(open);
dialogs.start();
attention.start();
keys.start({
  step(by) {
    const mine = [...listed("mine"), ...(me.supervisor ? listed("others") : [])].map((c) => c.id);
    if (mine.length) open(mine[(mine.indexOf(view.open) + by + mine.length) % mine.length] ?? mine[0]);
  },
  take: () => listed("offers")[0] && take(listed("offers")[0].id),
  pass: () => listed("offers")[0] && letPass(listed("offers")[0].id),
  pick: picker.open,
  note: () => view.open && composer.toggleNote(),
  about: () => view.open && side.toggle(),
  close: () => talks.get(view.open)?.case.mine && dialogs.closeCase(view.open),
  write: () => byId("composer-text").focus(),
  escape() {
    if (picker.isOpen()) picker.close();
    else if (byId("about").classList.contains("shown")) side.toggle(false);
  },
  help: dialogs.help,
});
byId("help").addEventListener("click", dialogs.help);
byId("back").addEventListener("click", () => open(null));
byId("available").addEventListener("click", () =>
  step(async () => {
    const answer = await post("/presence", { available: !me.available });
    me.available = answer.available;
    showAvailable();
  }),
);
for (const event of ["pointerdown", "keydown"]) document.addEventListener(event, somebodyIsHere);
for (const event of ["focus", "visibilitychange"]) window.addEventListener(event, seen);
window.addEventListener("focus", async () => {
  if (byId("signed-out").hidden) return;
  try {
    await get("/cases");
    location.reload(); // signed in again in another tab
  } catch {
    // still signed out, which the page says already
  }
});
byId("lines-scroll").addEventListener("scroll", seen);
document.querySelector("form[action='/console/sign-out']")?.addEventListener("submit", forgetAll);
window.addEventListener("hashchange", () => location.hash.length > 1 && open(location.hash.slice(1)));

let first = true;
const handlers = {
  async refresh() {
    await refresh();
    const wanted = location.hash.slice(1);
    if (first && /^[0-9a-f]{32}$/.test(wanted)) await open(wanted, false);
    first = false;
  },
  case: marked,
  gone,
  typing({ id }) {
    view.typing.set(id, Date.now() + TYPING_LASTS);
    drawSoon();
    setTimeout(drawSoon, TYPING_LASTS + 50);
  },
};
connect(handlers);
watch(handlers);
flush();
