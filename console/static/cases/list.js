// The lists at the left: offers, my cases, who waits, colleagues' cases, closed ones.
import { arrange, byId, h, setText } from "./dom.js";
import { listed, me, now, view } from "./state.js";
import { caseName, centreName, clock, deskName, languageName, since, topicName, waiting } from "./words.js";

// minutes without an answer from which a case is marked
const LATE = 3;
const rows = new Map();
let act = null;

/** Start; ``actions``: open, take, pass (each with an id of a case). */
export function start(actions) {
  act = actions;
  setInterval(draw, 10000);
  setInterval(countDown, 1000);
}

export function draw() {
  for (const kind of ["offers", "mine", "queue", "others", "closed"]) drawList(kind);
  const queue = listed("queue");
  const dangers = queue.filter((c) => c.danger).length;
  const longest = queue.map((c) => c.waiting).sort()[0];
  setText(
    byId("summary"),
    queue.length
      ? `${queue.length} waiting${dangers ? `, ${dangers} in danger` : ""}${longest < longAgo() ? `, longest ${since(longest)}` : ""}`
      : "Nobody is waiting",
  );
}

function drawList(kind) {
  const section = byId(kind);
  const all = listed(kind);
  // what is offered to us stands above already
  const found = all.filter((c) => (kind === "queue" ? !offeredToMe(c) : kind !== "others" || me.supervisor));
  const wanted = found.map((c) => row(kind, c, all.indexOf(c)));
  for (const [key, one] of rows) if (one.kind === kind && !wanted.includes(one.element)) rows.delete(key);
  arrange(section.querySelector("ul"), wanted);
  const count = section.querySelector(".count");
  if (count) setText(count, found.length ? String(found.length) : "");
  const none = section.querySelector(".none");
  if (kind === "mine" && me.supervisor) setText(none, "You have no case. Supervisors are offered none.");
  if (none) none.hidden = found.length > 0;
  else section.hidden = found.length === 0;
}

/** So many minutes ago, as the server writes times. */
const longAgo = (minutes = 1) => new Date(now() - minutes * 60000).toISOString();

const offeredToMe = (c) => c.status === "offered" && c.offered_to === me.name;

function row(kind, mark, place) {
  const key = `${kind} ${mark.id}`;
  let known = rows.get(key);
  if (!known) {
    known = kind === "offers" ? offer(mark.id) : entry(kind, mark.id);
    known.kind = kind;
    rows.set(key, known);
  }
  known.update(mark, place);
  return known.element;
}

function offer(id) {
  const title = h("strong");
  const facts = h("p", { class: "facts" });
  const left = h("span", { class: "left", "data-until": "" });
  const take = h("button", { type: "button", class: "main", on: { click: () => act.take(id) } });
  const pass = h("button", { type: "button", on: { click: () => act.pass(id) } }, "Pass");
  const element = h("li", { class: "offer" }, h("p", { class: "top" }, title, left), facts, h("p", { class: "row" }, take, pass));
  return {
    element,
    update(mark) {
      element.classList.toggle("danger", mark.danger);
      setText(title, `${mark.danger ? "DANGER · " : ""}${mark.languages.map(languageName).join(", ")}`);
      setText(facts, `${topicName(mark.topic)} · ${waiting(mark.waiting)}`);
      setText(take, "Take");
      take.setAttribute("aria-label", `Take the case in ${languageName(mark.language)}`);
      pass.setAttribute("aria-label", `Pass the case in ${languageName(mark.language)}`);
      left.dataset.until = mark.offer_until ?? "";
      countDown();
    },
  };
}

function countDown() {
  for (const one of document.querySelectorAll(".left[data-until]")) {
    const seconds = Math.max(0, Math.round((Date.parse(one.dataset.until) - now()) / 1000));
    setText(one, Number.isNaN(seconds) ? "" : `${seconds} s`);
  }
}

function entry(kind, id) {
  const danger = h("span", { class: "badge danger-badge" }, "DANGER");
  const name = h("bdi", { class: "name" });
  const unread = h("span", { class: "badge unread" });
  const waits = h("span", { class: "waits" });
  const facts = h("span", { class: "facts" });
  const open = h(kind === "queue" && !me.supervisor ? "div" : "button", { class: "case", type: kind === "queue" && !me.supervisor ? null : "button" },
    h("span", { class: "top" }, danger, name, unread, waits), facts);
  if (open.tagName === "BUTTON") open.addEventListener("click", () => act.open(id));
  const take = h("button", { type: "button", class: "take", on: { click: () => act.take(id) } }, "Take");
  const element = h("li", { class: "entry" }, open, kind === "queue" ? take : null);
  return {
    element,
    update(mark, place) {
      element.classList.toggle("danger", mark.danger && kind !== "closed");
      danger.hidden = !mark.danger || kind === "closed";
      if (view.open === id) open.setAttribute("aria-current", "true");
      else open.removeAttribute("aria-current");
      setText(unread, mark.unread ? `${mark.unread} new` : "");
      unread.hidden = !mark.unread;
      const spoken = mark.languages.map(languageName).join(", ") || languageName(mark.language);
      if (kind === "queue") {
        setText(name, `${place + 1}. ${spoken}`);
        setText(waits, since(mark.waiting));
        const to = mark.offered_to ? ` · offered to ${mark.offered_to === me.name ? "you" : mark.offered_to}` : "";
        setText(facts, `${topicName(mark.topic)} · ${centreName(mark.centre)}${mark.desk ? ` · ${deskName(mark.desk)}` : ""}${to}`);
        take.disabled = !!mark.offered_to && mark.offered_to !== me.name && !mark.danger && !me.supervisor;
        take.setAttribute("aria-label", `Take number ${place + 1}, ${spoken}`);
        return;
      }
      setText(name, caseName(mark.name, id));
      waits.classList.toggle("late", !!mark.unanswered && mark.unanswered < longAgo(LATE));
      waits.classList.toggle("owed", !!mark.unanswered);
      if (kind === "closed") {
        setText(waits, clock(mark.closed));
        setText(facts, `${spoken} · ${mark.outcome ?? ""}`);
        return;
      }
      setText(waits, mark.unanswered ? waiting(mark.unanswered) : "answered");
      const typing = (view.typing.get(id) ?? 0) > Date.now();
      const last = mark.last_from_person === null ? " · ← they asked" : mark.last_from_person ? " · ← they wrote" : " · → we wrote";
      const holder = kind === "others" ? ` · ${mark.holder}` : "";
      setText(facts, `${spoken} · ${topicName(mark.topic)}${holder}${typing ? " · typing…" : last}`);
    },
  };
}
