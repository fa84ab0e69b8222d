// What was written and is not yet confirmed: kept in this tab, sent in order, again after a lost
// connection or a reload. The server knows each by its key, so that nothing is sent twice.
import { emit, recall, remember, talks } from "./state.js";
import { post } from "./wire.js";

let waiting = recall("unsent", []);
let sending = false;
let timer = null;

const keep = () => remember("unsent", waiting);

/** Unsent messages of a case, oldest first; those with ``problem`` were refused. */
export const unsentOf = (id) => waiting.filter((one) => one.case === id);

/** Put a message in the way to the server. */
export function send(id, kind, text) {
  waiting.push({ case: id, key: crypto.randomUUID?.() ?? randomKey(), kind, text, at: new Date().toISOString() });
  keep();
  emit("talk", id);
  flush();
}

// crypto.randomUUID is there only over HTTPS and on this machine
function randomKey() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((n) => n.toString(16).padStart(2, "0")).join("");
}

/** Take a refused message out; its text, to be written again. */
export function takeBack(key) {
  const found = waiting.find((one) => one.key === key);
  waiting = waiting.filter((one) => one.key !== key);
  keep();
  if (found) emit("talk", found.case);
  return found?.text ?? "";
}

/** Messages with these keys stand in the conversation now. */
export function arrived(id, keys) {
  const before = waiting.length;
  waiting = waiting.filter((one) => one.case !== id || !keys.has(one.key));
  if (waiting.length !== before) keep();
}

/** Send what waits, one after the other. */
export async function flush() {
  if (sending) return;
  sending = true;
  clearTimeout(timer);
  try {
    for (;;) {
      const next = waiting.find((one) => !one.problem && !one.sent);
      if (!next) break;
      await post(`/cases/${next.case}/messages`, { key: next.key, kind: next.kind, text: next.text });
      next.sent = true;
      // its place in the conversation is known from there; in no opened one, it is done
      if (!talks.has(next.case)) arrived(next.case, new Set([next.key]));
      keep();
      emit("sent", next.case);
    }
  } catch (error) {
    if (error.passing) timer = setTimeout(flush, 2000);
    else if (error.status !== 401) {
      const refused = waiting.find((one) => !one.problem && !one.sent);
      if (refused) {
        refused.problem = error.message;
        keep();
        emit("talk", refused.case);
        timer = setTimeout(flush, 0);
      }
    }
  } finally {
    sending = false;
  }
}
