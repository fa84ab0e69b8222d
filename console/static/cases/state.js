// What the page knows: who works here, the cases in the lists, the conversations that were opened.
import { byId } from "./dom.js";

const root = byId("live");

export const me = { name: root.dataset.me, shown_as: "", languages: [], supervisor: false, available: true };
export const labels = JSON.parse(root.dataset.labels);
export const csrf = root.dataset.csrf;

/** Marks by id of case; conversations by id: {case, about, messages, referrals, history}. */
export const cases = new Map();
export const talks = new Map();
export const view = { open: null, skew: 0, typing: new Map() };

/** The time on the server now, in milliseconds. */
export const now = () => Date.now() + view.skew;

const listeners = new Map();

/** Run something when an event happens: "lists", "talk" (an id), "connection" (a state). */
export function on(event, run) {
  listeners.set(event, [...(listeners.get(event) ?? []), run]);
}

export function emit(event, detail) {
  for (const run of listeners.get(event) ?? []) run(detail);
}

/** The cases of a kind, in the order in which they should be worked on. */
export function listed(kind) {
  const all = [...cases.values()];
  if (kind === "offers") return all.filter((c) => c.status === "offered" && c.offered_to === me.name).sort(byWait);
  if (kind === "mine") return all.filter((c) => c.status === "taken" && c.holder === me.name).sort(byNeed);
  if (kind === "queue") return all.filter((c) => c.status === "queued" || c.status === "offered").sort(byWait);
  if (kind === "others") return all.filter((c) => c.status === "taken" && c.holder !== me.name).sort(byNeed);
  return all.filter((c) => c.status === "closed" && c.mine).sort((a, b) => (a.closed < b.closed ? 1 : -1));
}

function byWait(a, b) {
  return b.danger - a.danger || (a.waiting < b.waiting ? -1 : a.waiting > b.waiting ? 1 : 0);
}

// who waits longest for an answer first; then those who were written to last
function byNeed(a, b) {
  if (!!a.unanswered !== !!b.unanswered) return a.unanswered ? -1 : 1;
  if (a.unanswered && a.danger !== b.danger) return b.danger - a.danger;
  if (a.unanswered && a.unanswered !== b.unanswered) return a.unanswered < b.unanswered ? -1 : 1;
  return b.last_id - a.last_id;
}

// What must survive a reload lies in this tab's storage, under the name of who works here: on a
// shared computer nobody finds the words of the one before.
const mine = `rahnuma.${me.name}.`;

for (const key of Object.keys(sessionStorage)) {
  if (key.startsWith("rahnuma.") && !key.startsWith(mine)) sessionStorage.removeItem(key);
}

let forgotten = false;

export function remember(name, value) {
  if (forgotten) return; // signed out: the page lives a moment longer
  sessionStorage.setItem(mine + name, JSON.stringify(value));
}

export function recall(name, otherwise) {
  try {
    return JSON.parse(sessionStorage.getItem(mine + name)) ?? otherwise;
  } catch {
    return otherwise;
  }
}

export function forgetAll() {
  forgotten = true;
  for (const key of Object.keys(sessionStorage)) if (key.startsWith("rahnuma.")) sessionStorage.removeItem(key);
}
