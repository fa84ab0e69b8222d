// The conversation in the middle.
import { arrange, byId, h, setText } from "./dom.js";
import { cases, me, talks, view } from "./state.js";
import { dayLine, line, unsent, words } from "./message.js";
import { unsentOf } from "./unsent.js";
import { caseName, centreName, clock, languageName, shortId, since, topicName } from "./words.js";

const scroll = byId("lines-scroll");
let drawn = null; // id of the case whose lines stand there
let lines = new Map(); // by id of message: [what it was made from, element]
let days = new Map();
let end = true; // whether the end is in view
let write = () => {};

/** Start; ``writeAgain``: puts a text into the composer. */
export function start(writeAgain) {
  write = writeAgain;
  scroll.addEventListener("scroll", () => {
    end = atEnd();
    if (end) byId("to-end").hidden = true;
  });
  byId("to-end").addEventListener("click", toEnd);
  // the form below grows and shrinks: who reads the end goes on reading it
  new ResizeObserver(() => end && toEnd()).observe(scroll);
}

export const atEnd = () => scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 60;

export function toEnd() {
  scroll.scrollTop = scroll.scrollHeight;
  end = true;
  byId("to-end").hidden = true;
}

/** Draw the open conversation; ``tools``: the buttons of its head. */
export function draw(tools) {
  const id = view.open;
  const talk = id && talks.get(id);
  byId("nothing-open").hidden = !!talk;
  byId("talk-body").hidden = !talk;
  document.body.classList.toggle("in-talk", !!talk);
  if (!talk) {
    drawn = null;
    return;
  }
  const fresh = drawn !== id || talk.lost;
  if (fresh) {
    drawn = id;
    lines = new Map();
    days = new Map();
    byId("lines").replaceChildren();
  }
  const stay = fresh || atEnd();
  head(id, talk, tools);
  drawLines(id, talk, fresh);
  if (stay) toEnd();
  else if (talk.messages.at(-1)?.from_person && talk.messages.at(-1).id > (view.readTo ?? 0)) byId("to-end").hidden = false;
  view.readTo = talk.messages.at(-1)?.id;
}

function head(id, talk, tools) {
  const { case: one, about } = talk;
  const title = byId("talk-title");
  title.replaceChildren(
    ...(one.danger ? [h("span", { class: "badge danger-badge" }, "DANGER"), " "] : []),
    h("bdi", {}, caseName(about.name, id)),
  );
  const spoken = one.languages.map(languageName).join(", ");
  setText(
    byId("talk-facts"),
    `${spoken} · ${topicName(one.topic)} · ${centreName(one.centre)} · since ${since(one.opened)} · ${shortId(id)}`,
  );
  arrange(byId("tools"), tools(talk));
  const mark = cases.get(id);
  const mine = !talk.lost && one.mine && (mark?.holder ?? me.name) === me.name;
  byId("composer").hidden = !mine && !(me.supervisor && one.status !== "closed" && !talk.lost);
  byId("composer").classList.toggle("notes-only", !mine);
  const rest = byId("not-mine");
  const text = state(talk, one, mine);
  rest.hidden = !text;
  setText(rest, text);
}

function state(talk, one, mine) {
  if (talk.lost) return "You don’t have this case any more.";
  if (one.status === "closed") {
    const stars = one.rating ? ` · rated ${one.rating} of 5` : "";
    return `Closed ${clock(one.closed)}: ${one.outcome}${stars}${one.can_reopen ? "" : " · can’t be opened again"}`;
  }
  if (mine) return "";
  return one.holder ? `${one.holder} has this case. You can leave a note, or take it over.` : "Nobody has this case yet.";
}

function drawLines(id, talk, fresh) {
  const list = byId("lines");
  scroll.setAttribute("aria-live", fresh ? "off" : "polite");
  let last = new Date(talk.case.opened).toDateString();
  const wanted = talk.lost ? [] : [days.get(last) ?? remembered(days, last, dayLine(talk.case.opened)), asked(talk)];
  for (const message of talk.messages) {
    const date = new Date(message.at).toDateString();
    if (date !== last) wanted.push(days.get(date) ?? remembered(days, date, dayLine(message.at)));
    last = date;
    wanted.push(drawnLine(id, message));
  }
  for (const one of unsentOf(id)) {
    const made = `${one.key} ${one.problem ?? ""}`;
    const [before, element] = lines.get(one.key) ?? [];
    wanted.push(before === made ? element : remembered(lines, one.key, [made, unsent(one, write)])[1]);
  }
  arrange(list, wanted);
  if (fresh) requestAnimationFrame(() => scroll.setAttribute("aria-live", "polite"));
}

function remembered(map, key, value) {
  map.set(key, value);
  return value;
}

function drawnLine(id, message) {
  const made = `${message.delivery} ${message.failure} ${message.seen}`;
  const [before, element] = lines.get(message.id) ?? [];
  if (element && (message.from_person || before === made)) return element;
  const fresh = line(id, message);
  lines.set(message.id, [made, fresh]);
  return fresh;
}

// what they wrote when they asked for a person is the first thing that they said
function asked(talk) {
  if (lines.has("asked")) return lines.get("asked");
  const text = talk.about.text;
  const element = h(
    "li",
    { class: "line person" },
    h("span", { class: "label" }, "When asking for a person"),
    text ? words(text, talk.about.language ?? talk.case.language) : h("p", { class: "words" }, "(nothing written)"),
    h("span", { class: "foot" }, clock(talk.case.opened), ` · ${languageName(talk.about.language ?? talk.case.language)}`),
  );
  lines.set("asked", element);
  return element;
}
