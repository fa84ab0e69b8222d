"use strict";
// The web chat's page. What is said lives in this tab only; closing it leaves nothing on the phone.
(() => {
  const texts = JSON.parse(document.getElementById("texts").textContent);
  const byId = (id) => document.getElementById(id);
  const log = byId("log"), form = byId("form"), input = byId("text"), picker = byId("language");
  const attach = byId("attach"), file = byId("file");
  const WAIT = 20; // s that the server holds a look for a counsellor's words, while a talk is open
  const AFTERWARDS = 60000; // ms between looks after a talk: it may be opened again
  const RETRY = [2000, 4000, 8000, 15000, 30000]; // ms until unsent messages are tried again
  const TYPING_EVERY = 3000; // ms between signs that the person types
  let language = firstLanguage();
  let talk = { status: "none", state: "", seen: false }; // how the talk with a counsellor stands
  let listening = false;
  // What is not yet with the service, in order: {key, text | choice | file}. Sent again after a lost
  // connection and after a reload; the key keeps it from doing anything twice.
  const unsent = JSON.parse(sessionStorage.getItem("unsent") || "[]");
  const bubbles = new Map(); // key → {box, replaces}
  let sending = false, failures = 0, retry = null, lastSaid = null, lastTyping = 0;

  function firstLanguage() {
    const asked = new URLSearchParams(location.search).get("language");
    const wanted = [sessionStorage.getItem("language"), asked, ...(navigator.languages || [])];
    for (const tag of wanted) {
      const code = (tag || "").toLowerCase().split("-")[0].replace("prs", "fa");
      if (texts[code]) return code;
    }
    return "en";
  }

  function session() {
    let id = sessionStorage.getItem("session");
    if (!id) {
      const bytes = crypto.getRandomValues(new Uint8Array(18));
      id = btoa(String.fromCharCode(...bytes)).replace(/\+/g, "-").replace(/\//g, "_");
      sessionStorage.setItem("session", id);
    }
    return id;
  }

  function setLanguage(code) {
    if (!texts[code]) return;
    language = code;
    sessionStorage.setItem("language", code);
    const t = texts[code], root = document.documentElement;
    root.lang = code;
    root.dir = t.direction;
    document.title = t.title;
    byId("emergency").textContent = t.emergency;
    byId("menu").textContent = t.menu;
    byId("leave").textContent = t.leave;
    byId("send").textContent = t.send;
    byId("language-label").textContent = t.language;
    byId("text-label").textContent = t.placeholder;
    input.placeholder = t.placeholder;
    attach.setAttribute("aria-label", t.attach);
    attach.title = t.attach;
    byId("typing").textContent = t.typing;
    picker.value = code;
  }

  // Light HTML of the service: only these tags are taken over, all else becomes text.
  // What stands between isolates (a phone number, a name) is kept on one line.
  const LONGEST_RUN = 24;
  function runs(text) {
    return text.split(/(\u2066[^\u2069]*\u2069)/).map((part) => {
      if (!part.startsWith("\u2066") || part.length > LONGEST_RUN) return part;
      const run = document.createElement("span");
      run.className = "run";
      run.textContent = part;
      return run;
    });
  }
  const ALLOWED = { B: [], I: [], CODE: [], A: ["href"] };
  function safe(html) {
    const source = new DOMParser().parseFromString(html, "text/html").body;
    const copy = (from, to) => {
      for (const node of from.childNodes) {
        if (node.nodeType === Node.TEXT_NODE) to.append(...runs(node.data));
        else if (ALLOWED[node.nodeName]) {
          const made = document.createElement(node.nodeName);
          const href = node.getAttribute("href") || "";
          if (node.nodeName === "A" && /^(https:|tel:|mailto:)/.test(href)) {
            made.href = href;
            made.rel = "noopener noreferrer";
          }
          copy(node, made);
          to.append(made);
        } else copy(node, to);
      }
    };
    const fragment = document.createDocumentFragment();
    copy(source, fragment);
    return fragment;
  }

  function bubble(kind, code, dir) {
    const box = document.createElement("div");
    box.className = `message ${kind}`;
    if (code) box.lang = code;
    box.dir = dir || "auto";
    const body = document.createElement("div");
    body.className = "body";
    box.append(body);
    log.append(box);
    return [box, body];
  }

  function show(reply) {
    const [box, body] = bubble(reply.danger === "sure" ? "sure" : "", reply.language, reply.direction);
    body.append(safe(reply.html));
    for (const one of reply.media || []) box.append(beside(one));
    for (const point of reply.points || []) box.append(pin(point));
    if (reply.choices.length) {
      const choices = document.createElement("div");
      choices.className = "choices";
      for (const choice of reply.choices) {
        const button = document.createElement("button");
        button.type = "button";
        button.textContent = choice.label;
        button.dir = "auto";
        button.dataset.value = choice.value;
        button.addEventListener("click", () => press(box, choice));
        // single emojis (a rating) stand in one row
        if ([...choice.label].length <= 2) {
          if (!choices.lastChild || choices.lastChild.className !== "faces") {
            choices.append(Object.assign(document.createElement("div"), { className: "faces" }));
          }
          choices.lastChild.append(button);
        } else choices.append(button);
      }
      box.append(choices);
    }
    return box;
  }

  // A picture, a recording or a document beside the text; an address of ours only.
  function beside(one) {
    const url = /^\/chat\/media\/[\w.-]+$/.test(one.url) ? one.url : "";
    if (one.kind === "picture") return Object.assign(document.createElement("img"), { src: url, alt: one.alt, className: "picture", loading: "lazy" });
    if (one.kind === "voice") {
      const made = Object.assign(document.createElement("audio"), { src: url, controls: true, preload: "none" });
      made.setAttribute("aria-label", one.alt);
      return made;
    }
    const link = Object.assign(document.createElement("a"), { href: url, className: "document", target: "_blank", rel: "noopener" });
    link.textContent = `📄 ${one.alt}`;
    return link;
  }

  // Opens the phone's own map: no map service learns of it before the person wants it.
  function pin(point) {
    const at = `${Number(point.latitude).toFixed(5)},${Number(point.longitude).toFixed(5)}`;
    const link = Object.assign(document.createElement("a"), { href: `geo:${at}?q=${at}`, className: "document" });
    const title = document.createElement("bdi");
    title.textContent = point.title;
    link.append("🗺 ", title, " ", Object.assign(document.createElement("bdi"), { textContent: at, dir: "ltr" }));
    return link;
  }

  function note(text) {
    const [, body] = bubble("note");
    body.textContent = text;
    log.scrollTop = log.scrollHeight;
  }

  // A box that is ticked changes the message that it stands in, all else is said.
  function press(box, choice) {
    const ticks = /^person:lang:(?!ok)/.test(choice.value);
    send({ choice: choice.value }, ticks ? null : choice.label, ticks ? box : null);
  }

  function store() {
    const kept = unsent.filter((one) => !one.file && one.choice !== "start");
    sessionStorage.setItem("unsent", JSON.stringify(kept));
  }

  function newKey() {
    return [...crypto.getRandomValues(new Uint8Array(12))].map((b) => b.toString(16).padStart(2, "0")).join("");
  }

  function send(message, shown, replaces) {
    const one = { key: newKey(), shown, ...message };
    unsent.push(one);
    store();
    place(one, replaces);
    pump();
  }

  function place(one, replaces) {
    let box = null;
    if (one.shown) {
      const [made, body] = bubble("mine unsent");
      made.setAttribute("aria-label", texts[language].you);
      body.textContent = one.shown;
      box = made;
    }
    bubbles.set(one.key, { box, replaces });
    log.scrollTop = log.scrollHeight;
  }

  function request(one) {
    if (one.file) {
      const body = new FormData();
      for (const [name, value] of Object.entries({ session: session(), language, key: one.key })) body.set(name, value);
      body.set("file", one.file);
      return fetch("/chat/files", { method: "POST", body });
    }
    const { shown, ...message } = one;
    return fetch("/chat/messages", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ session: session(), language, ...message }),
    });
  }

  async function pump() {
    if (sending) return;
    sending = true;
    clearTimeout(retry);
    log.setAttribute("aria-busy", "true");
    while (unsent.length) {
      const one = unsent[0];
      let answer = null, said = {};
      try {
        answer = await request(one);
        if (answer.status < 500) said = await answer.json();
      } catch (error) {
        answer = null; // no connection: it is tried again below
      }
      if (!answer || answer.status >= 500) {
        if (!failures) note(texts[language].offline);
        retry = setTimeout(pump, RETRY[Math.min(failures, RETRY.length - 1)]);
        failures += 1;
        break;
      }
      failures = 0;
      if (unsent[0] !== one) break; // left quickly meanwhile
      unsent.shift();
      store();
      arrived(one, answer, said.replies);
    }
    log.removeAttribute("aria-busy");
    sending = false;
  }

  function arrived(one, answer, replies) {
    const { box, replaces } = bubbles.get(one.key) || {};
    bubbles.delete(one.key);
    if (box) box.classList.remove("unsent");
    if (!replies) {
      note(texts[language][answer.status === 413 ? "big" : "failed"]);
      return;
    }
    if (box && answer.ok && !one.choice) {
      lastSaid = box;
      talk.seen = false;
      mark();
    }
    let first = null;
    for (const reply of replies) {
      const made = show(reply);
      first = first || made;
    }
    if (replaces && first && replaces.isConnected) {
      replaces.replaceWith(first);
      const again = [...first.querySelectorAll("button")].find((b) => b.dataset.value === one.choice);
      if (again) again.focus();
    }
    if (replies.length) {
      setLanguage(replies[replies.length - 1].language);
      if (!replaces) first.scrollIntoView({ block: "start" });
    }
    if (talk.status !== "none" || replies.some((reply) => reply.route === "handoff")) listen();
  }

  // "Sent" or "Seen" under the last message to a counsellor.
  function mark() {
    for (const old of log.querySelectorAll(".mark")) old.remove();
    if (!lastSaid || !["queued", "taken"].includes(talk.status)) return;
    const line = document.createElement("div");
    line.className = "mark";
    line.textContent = talk.seen ? `✓✓ ${texts[language].seen}` : `✓ ${texts[language].sent}`;
    lastSaid.append(line);
  }

  // What a counsellor wrote, each message once: the service is told the last one that was shown.
  async function look(wait) {
    const answer = await fetch(`/chat/messages?wait=${wait}&state=${encodeURIComponent(talk.state)}`, {
      headers: { "X-Rahnuma-Session": session(), "X-Rahnuma-After": sessionStorage.getItem("after") || "0" },
    });
    if (!answer.ok) throw new Error(String(answer.status));
    const news = await answer.json();
    for (const reply of news.replies) {
      if (reply.id <= Number(sessionStorage.getItem("after") || 0)) continue;
      sessionStorage.setItem("after", String(reply.id));
      show(reply).scrollIntoView({ block: "start" });
    }
    talk = { status: news.status, state: news.state, seen: news.seen };
    byId("typing").hidden = !news.typing;
    const open = ["queued", "taken"].includes(talk.status);
    attach.hidden = !open;
    if (talk.status !== "none") sessionStorage.setItem("talked", "yes");
    mark();
    return open || news.replies.length > 0;
  }

  async function listen() {
    if (listening) return;
    listening = true;
    let more = true, wait = 0;
    while (more && !document.hidden) {
      try {
        more = await look(wait);
        wait = WAIT;
      } catch (error) {
        // no connection now: the next look fetches what waits
        await new Promise((done) => setTimeout(done, 3000));
      }
    }
    listening = false;
  }

  for (const [code, t] of Object.entries(texts)) {
    const option = document.createElement("option");
    option.value = code;
    option.textContent = t.name;
    option.lang = code;
    picker.append(option);
  }
  setLanguage(language);
  picker.addEventListener("change", () => {
    setLanguage(picker.value);
    send({ choice: `lang:${picker.value}` });
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = input.value.trim();
    if (!text) return;
    input.value = "";
    send({ text }, text);
  });
  input.addEventListener("input", () => {
    if (talk.status !== "taken" || Date.now() - lastTyping < TYPING_EVERY) return;
    lastTyping = Date.now();
    const body = JSON.stringify({ session: session() });
    // a courtesy: nothing is lost without it
    fetch("/chat/typing", { method: "POST", headers: { "Content-Type": "application/json" }, body }).catch(() => null);
  });
  attach.addEventListener("click", () => file.click());
  file.addEventListener("change", () => {
    const [chosen] = file.files;
    if (chosen) send({ file: chosen }, `📎 ${chosen.name}`);
    file.value = "";
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      form.requestSubmit();
    }
  });
  byId("emergency").addEventListener("click", () => send({ choice: "sos" }, texts[language].emergency));
  byId("menu").addEventListener("click", () => send({ choice: "menu" }, texts[language].menu));
  byId("leave").addEventListener("click", () => {
    // nothing stays in the tab, and "back" does not lead here again
    const body = new Blob([JSON.stringify({ session: session() })], { type: "application/json" });
    navigator.sendBeacon("/chat/leave", body);
    unsent.length = 0;
    sessionStorage.clear();
    log.replaceChildren();
    location.replace("about:blank");
  });
  addEventListener("online", pump);
  const talked = () => sessionStorage.getItem("talked") === "yes";
  addEventListener("visibilitychange", () => talked() && listen());
  setInterval(() => talked() && listen(), AFTERWARDS);
  for (const one of unsent) place(one);
  const centre = new URLSearchParams(location.search).get("centre");
  send(centre ? { choice: "start", centre } : { choice: "start" });
  if (talked()) listen();
})();
