// Conversations: fetched once, then only what is new; and the lists. Nothing is lost, nothing twice.
import { cases, emit, me, talks, view } from "./state.js";
import { get } from "./wire.js";
import { arrived } from "./unsent.js";

const busy = new Set();
const again = new Set();
let refreshing = false;
let refreshAgain = false;

/** Fetch the lists, then what is new in each conversation that was opened. */
export async function refresh() {
  if (refreshing) {
    refreshAgain = true;
    return;
  }
  refreshing = true;
  try {
    do {
      refreshAgain = false;
      const found = await get("/cases");
      view.skew = Date.parse(found.now) - Date.now();
      Object.assign(me, found.me);
      const before = new Map(cases);
      cases.clear();
      for (const one of found.cases) cases.set(one.id, one);
      emit("lists", { before });
    } while (refreshAgain);
    for (const [id, talk] of talks) {
      if (!talk.lost) news(id);
      else if (cases.get(id)?.mine) await load(id);
    }
  } catch (error) {
    if (!error.passing) throw error;
    setTimeout(refresh, 2000);
  } finally {
    refreshing = false;
  }
}

/** A case changed: the server's mark of it. */
export function marked(mark) {
  // while a snapshot is on its way, what it says may be older or newer than this
  if (refreshing) refreshAgain = true;
  const known = cases.get(mark.id);
  if (known && known.rev > mark.rev) return;
  cases.set(mark.id, mark);
  emit("lists", { before: new Map([[mark.id, known]]) });
  const talk = talks.get(mark.id);
  if (talk?.lost && mark.mine) load(mark.id).catch(() => talks.delete(mark.id));
  else if (talk && talk.case.rev !== mark.rev) news(mark.id);
}

/** A case is not in our lists any more. */
export function gone({ id }) {
  if (refreshing) refreshAgain = true;
  if (!cases.has(id) && !talks.has(id)) return;
  cases.delete(id);
  if (view.open !== id) talks.delete(id);
  else if (talks.has(id)) lose(id);
  emit("lists", { before: new Map() });
  emit("talk", id);
}

/** A case is not ours any more: its words go, and only what we wrote and was not sent stays. */
function lose(id) {
  const talk = talks.get(id);
  talk.lost = true;
  talk.messages = [];
  talk.referrals = [];
  talk.history = [];
  talk.about = { text: "", language: null, name: null, shared: [] };
}

/** Open a conversation; throws Failed. */
export async function load(id) {
  const found = await get(`/cases/${id}`);
  talks.set(id, found);
  settle(id, found.messages);
  emit("talk", id);
}

/** Fetch what is new in an opened conversation. */
export async function news(id) {
  if (busy.has(id)) {
    again.add(id);
    return;
  }
  busy.add(id);
  try {
    do {
      again.delete(id);
      const talk = talks.get(id);
      if (!talk || talk.lost) break;
      const after = talk.messages.at(-1)?.id ?? 0;
      const found = await get(`/cases/${id}/messages?after=${after}`);
      talk.case = found.case;
      talk.referrals = found.referrals;
      for (const one of found.messages) if (one.id > (talk.messages.at(-1)?.id ?? 0)) talk.messages.push(one);
      for (const one of talk.messages) Object.assign(one, found.states[one.id] ?? {});
      settle(id, found.messages);
      emit("talk", id);
    } while (again.has(id));
  } catch (error) {
    if (error.status === 403 || error.status === 404) {
      const talk = talks.get(id);
      if (view.open === id && talk) lose(id);
      else talks.delete(id);
      emit("talk", id);
    } else if (error.passing) {
      setTimeout(() => talks.has(id) && news(id), 2000);
    }
  } finally {
    busy.delete(id);
  }
}

function settle(id, messages) {
  const keys = new Set(messages.map((one) => one.key).filter(Boolean));
  if (keys.size) arrived(id, keys);
}
