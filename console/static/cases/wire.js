// The connection: requests, and what the server tells by itself (server-sent events).
import { csrf, emit } from "./state.js";

const BASE = "/console/api";
// milliseconds: without a sign of life for so long a connection is taken for dead
const SILENT = 25000;
const PAUSES = [500, 1000, 2000, 5000, 10000];

/** A request failed: status 0 means that the network did, 401 that the session is over. */
export class Failed extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
  /** Whether the same may work a little later. */
  get passing() {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

async function request(method, path, body) {
  let answer;
  try {
    answer = await fetch(BASE + path, {
      method,
      redirect: "manual",
      headers: method === "GET" ? {} : { "X-CSRF": csrf, "Content-Type": "application/json" },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch {
    throw new Failed(0, "no connection");
  }
  if (answer.type === "opaqueredirect") {
    emit("connection", "out");
    throw new Failed(401, "your session is over");
  }
  if (answer.status === 204) return {};
  let content;
  try {
    content = await answer.json();
  } catch {
    throw new Failed(answer.ok ? 0 : answer.status, "no connection");
  }
  if (answer.status === 403 && content.error?.startsWith("the form is out of date")) {
    // somebody signed in again in another tab: this page has the token of the session before
    emit("connection", "stale");
    throw new Failed(401, "your session is over");
  }
  if (!answer.ok) throw new Failed(answer.status, content.error ?? "this did not work");
  return content;
}

export const get = (path) => request("GET", path);
export const post = (path, body = {}) => request("POST", path, body);

let source = null;
let heard = 0;
let tries = 0;
let timer = null;

/** Connect and stay connected; ``handlers`` by name of event, and ``refresh`` after each (re)connect. */
export function connect(handlers) {
  clearTimeout(timer);
  source?.close();
  const mine = new EventSource(`${BASE}/events`);
  source = mine;
  heard = Date.now();
  const listen = (name, run) =>
    mine.addEventListener(name, (event) => {
      if (mine !== source) return;
      heard = Date.now();
      run(JSON.parse(event.data));
    });
  listen("hello", () => {
    tries = 0;
    emit("connection", "live");
    handlers.refresh();
  });
  listen("again", () => handlers.refresh());
  listen("beat", () => {});
  listen("renew", () => connect(handlers));
  listen("bye", () => lost(handlers, true));
  for (const name of ["case", "gone", "typing"]) listen(name, handlers[name]);
  mine.onerror = () => {
    if (mine === source) lost(handlers, mine.readyState === EventSource.CLOSED);
  };
}

function lost(handlers, ask) {
  source?.close();
  source = null;
  emit("connection", "lost");
  clearTimeout(timer);
  timer = setTimeout(async () => {
    if (ask) {
      // refused, not broken off: is the session over?
      try {
        await get("/cases");
      } catch (error) {
        if (error.status === 401 || error.status === 403) return emit("connection", "out");
      }
    }
    connect(handlers);
  }, PAUSES[Math.min(tries++, PAUSES.length - 1)]);
}

export function watch(handlers) {
  setInterval(() => {
    if (source && Date.now() - heard > SILENT) lost(handlers, false);
  }, 5000);
  window.addEventListener("offline", () => lost(handlers, false));
  window.addEventListener("online", () => {
    tries = 0;
    connect(handlers);
  });
}
