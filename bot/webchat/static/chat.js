"use strict";
// The web chat's page. What is said lives in this tab only; closing it leaves nothing on the phone.
(() => {
  const texts = JSON.parse(document.getElementById("texts").textContent);
  const byId = (id) => document.getElementById(id);
  const log = byId("log"), form = byId("form"), input = byId("text"), picker = byId("language");
  const FETCH_EVERY = 5000; // ms between looks for a counsellor's words, while one is awaited
  let language = firstLanguage();
  let turn = Promise.resolve(); // messages go one after another, in the order of taps
  let waitsForPerson = sessionStorage.getItem("waits") === "yes";

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
    if (reply.choices.length) {
      const choices = document.createElement("div");
      choices.className = "choices";
      for (const choice of reply.choices) {
        const button = document.createElement("button");
        button.type = "button";
        button.textContent = choice.label;
        button.dir = "auto";
        button.dataset.value = choice.value;
        button.addEventListener("click", () => send({ choice: choice.value }, choice.label));
        choices.append(button);
      }
      box.append(choices);
    }
    return box;
  }

  function note(text) {
    const [, body] = bubble("note");
    body.textContent = text;
    log.scrollTop = log.scrollHeight;
  }

  function send(message, shown) {
    turn = turn.then(() => deliver(message, shown));
  }

  async function deliver(message, shown) {
    if (shown) {
      const [box, body] = bubble("mine");
      box.setAttribute("aria-label", texts[language].you);
      body.textContent = shown;
    }
    log.setAttribute("aria-busy", "true");
    log.scrollTop = log.scrollHeight;
    try {
      const answer = await fetch("/chat/messages", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ session: session(), language, ...message }),
      });
      if (!answer.ok) throw new Error(String(answer.status));
      const { replies } = await answer.json();
      let first = null;
      for (const reply of replies) {
        const box = show(reply);
        first = first || box;
        if (reply.route === "handoff") waitsForPerson = true;
      }
      sessionStorage.setItem("waits", waitsForPerson ? "yes" : "no");
      if (replies.length) {
        setLanguage(replies[replies.length - 1].language);
        first.scrollIntoView({ block: "start" });
      }
    } catch (error) {
      note(texts[language].offline);
      if (message.text && !input.value) input.value = message.text;
    } finally {
      log.removeAttribute("aria-busy");
    }
  }

  async function fetchWaiting() {
    if (!waitsForPerson || document.hidden) return;
    try {
      const answer = await fetch("/chat/messages", { headers: { "X-Rahnuma-Session": session() } });
      if (!answer.ok) return;
      const { replies } = await answer.json();
      for (const reply of replies) show(reply).scrollIntoView({ block: "start" });
    } catch (error) {
      // no connection now: the next look will fetch what waits
      return;
    }
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
    sessionStorage.clear();
    log.replaceChildren();
    location.replace("about:blank");
  });
  setInterval(fetchWaiting, FETCH_EVERY);
  const centre = new URLSearchParams(location.search).get("centre");
  send(centre ? { choice: "start", centre } : { choice: "start" });
})();
