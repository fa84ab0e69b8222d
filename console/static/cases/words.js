// How things are named for the staff, in English, and how times are told.
import { labels, now } from "./state.js";

export const languageName = (code) => labels.languages[code]?.name ?? code;
export const direction = (code) => labels.languages[code]?.direction ?? "auto";
export const centreName = (id) => labels.centres[id] ?? "no centre given";
export const topicName = (id) => (id ? (labels.topics[id] ?? id.replaceAll("_", " ")) : "no topic");
export const deskName = (id) => labels.desks[id] ?? id;
export const organisationName = (id) => labels.organisations[id]?.name ?? id;
export const tagName = (id) => labels.tags[id]?.label ?? id;
export const shortId = (id) => `#${id.slice(0, 4)}`;

/** What a case is called in lists: the name that the person gave, or the beginning of its id. */
export const caseName = (name, id) => name || `Person ${shortId(id)}`;

/** "just now", "4 min", "2 h 5 min", "3 days" since a time. */
export function since(time) {
  const minutes = Math.floor((now() - Date.parse(time)) / 60000);
  if (minutes < 1) return "just now";
  if (minutes < 60) return `${minutes} min`;
  if (minutes < 48 * 60) return minutes % 60 ? `${Math.floor(minutes / 60)} h ${minutes % 60} min` : `${minutes / 60} h`;
  return `${Math.floor(minutes / 1440)} days`;
}

/** The same for somebody who waits. */
export function waiting(time) {
  const long = since(time);
  return long === "just now" ? long : `waits ${long}`;
}

const CLOCK = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const DAY = new Intl.DateTimeFormat("en-GB", { weekday: "long", day: "numeric", month: "long" });

export const clock = (time) => CLOCK.format(new Date(time));

export function day(time) {
  const name = DAY.format(new Date(time));
  return name === DAY.format(new Date(now())) ? "Today" : name;
}

const FAILURES = {
  blocked: "they blocked the bot",
  refused: "Telegram refused it",
  "no address": "there is no address any more",
};

/** How far a message to the person got: [name of a class, words]. */
export function delivery(message) {
  if (message.seen) return ["seen", `Seen ${clock(message.seen)}`];
  if (message.delivery === "delivered") return ["delivered", "Delivered"];
  if (message.delivery === "failed") return ["failed", `Not delivered: ${FAILURES[message.failure] ?? "it could not be sent"}`];
  if (message.delivery === "none") return ["none", ""];
  return message.failure ? ["waiting", "Waiting: the last try failed"] : ["waiting", "On its way"];
}

const EVENTS = {
  opened: () => "The person asked for a counsellor",
  offered: (w) => `Offered to ${w.to}`,
  passed: (w, by) => (w.why === "declined" ? `${by} passed` : `${by} did not take it in time`),
  taken: (_w, by) => `${by} took the case`,
  transferred: (w, by) => (w.to === by ? `${by} took the case over` : `${by} passed it on to ${w.to ?? `the desk “${labels.desks[w.desk] ?? w.desk}”`}`),
  "given back": (w, by) => (w.why === "gone" ? `${by} was gone: back to the queue` : `${by} gave it back to the queue`),
  closed: (w, by) => (by ? `${by} closed it: ${w.outcome}` : "The person left the talk"),
  reopened: (_w, by) => (by ? `${by} opened it again` : "The person opened it again"),
  referred: (w, by) => `${by} referred the person to ${organisationName(w.organisation)}`,
  "referral answered": (w) => `${organisationName(w.organisation)}: referral ${w.state}`,
  unreachable: () => "The person can’t be reached on their channel any more",
  danger: () => "The program saw danger in what they wrote",
};

const NOTICES = {
  joined: (w) => `told the person that ${w.name ?? "a counsellor"} is here`,
  transferred: () => "told the person that another counsellor goes on",
  passed_on: () => "told the person that the counsellor had to leave",
  reopened: () => "told the person that the talk is open again",
  closed: () => "told the person that the talk is over, and asked how it was",
  referred: (w) => `told the person about the referral to ${organisationName(w.organisation)}`,
};

/** An event or notice in words. */
export function told(message) {
  const what = message.what ?? {};
  if (message.kind === "notice") return `Program: ${NOTICES[what.what]?.(what) ?? `sent “${what.what}”`}`;
  return EVENTS[what.what]?.(what, message.author) ?? `${what.what}${message.author ? ` by ${message.author}` : ""}`;
}
