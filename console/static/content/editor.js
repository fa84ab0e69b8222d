// The editor's page for an answer: live preview as on a phone, facts to insert, unsaved words kept.
"use strict";
(() => {
  const PAUSE = 400; // ms without a key until the preview is made
  const form = document.getElementById("writing");
  const bubble = document.getElementById("bubble");
  const buttons = document.getElementById("phone-buttons");
  const findings = document.getElementById("findings");
  const state = document.getElementById("preview-state");
  const text = document.getElementById("body");
  const key = `answer ${form.getAttribute("action")}`;
  const before = form.dataset.unsaved ? null : typed(); // null: what the form shows isn't saved
  let timer = null, asked = 0, changed = false;

  // Light HTML of the service: only these tags are taken over, all else becomes text.
  // What stands between isolates (a phone number, a name) is kept on one line, as in the web chat.
  const LONGEST_RUN = 24;
  function runs(words) {
    return words.split(/(\u2066[^\u2069]*\u2069)/).map((part) => {
      if (!part.startsWith("\u2066") || part.length > LONGEST_RUN) return part;
      const run = document.createElement("span");
      run.className = "run";
      run.textContent = part;
      return run;
    });
  }
  const ALLOWED = new Set(["B", "I", "CODE", "A"]);
  function copy(from, to) {
    for (const node of from.childNodes) {
      if (node.nodeType === Node.TEXT_NODE) to.append(...runs(node.data));
      else if (ALLOWED.has(node.nodeName)) {
        const made = document.createElement(node.nodeName);
        const href = node.getAttribute("href") || "";
        if (node.nodeName === "A" && /^(https:|tel:|mailto:)/.test(href)) {
          made.href = href;
          made.rel = "noopener noreferrer";
          made.target = "_blank";
        }
        copy(node, made);
        to.append(made);
      } else copy(node, to);
    }
  }

  function item(words, name) {
    const made = document.createElement("li");
    if (name) made.className = name;
    made.textContent = words;
    return made;
  }

  function show(made) {
    const fragment = document.createDocumentFragment();
    copy(new DOMParser().parseFromString(made.html, "text/html").body, fragment);
    bubble.replaceChildren(fragment);
    buttons.replaceChildren(...made.choices.map((label) => item(label)));
    findings.replaceChildren(...made.findings.map((one) => {
      const line = one.line ? `, line ${one.line}` : "";
      const what = one.stops ? "Stops publication" : "To mend";
      return item(`${what}, ${one.field}${line}: ${one.message}`, one.stops ? "stops" : "");
    }));
    document.getElementById("nothing-found").hidden = made.findings.length > 0;
  }

  async function preview() {
    const mine = ++asked;
    let answer;
    try {
      answer = await fetch(form.dataset.preview, {
        method: "POST", body: new FormData(form), redirect: "manual",
      });
    } catch {
      if (mine === asked) state.textContent = "No connection: the preview is not up to date.";
      return;
    }
    if (mine !== asked) return; // a later one is on its way
    if (!answer.ok) {
      state.textContent = answer.type === "opaqueredirect" || answer.status === 403
        ? "Your session is over: sign in in another tab, then reload. This tab keeps your words."
        : "The preview can't be made at the moment.";
      return;
    }
    const made = await answer.json();
    if (mine !== asked) return;
    show(made);
    state.textContent = "";
  }

  // what was typed is kept in this tab until it is saved: a session may end, a phone may reload
  function typed() {
    const fields = [...new FormData(form)].filter(([name]) => !["csrf", "edits", "english"].includes(name));
    return JSON.stringify(fields);
  }
  function keep() {
    changed = typed() !== before;
    const { edits, english } = form.elements;
    const kept = { edits: edits.value, english: english.value, fields: typed() };
    if (changed) sessionStorage.setItem(key, JSON.stringify(kept));
    else sessionStorage.removeItem(key);
  }
  function restore(kept) {
    // what somebody else saved since then is not overwritten: the service compares these
    form.elements.edits.value = kept.edits;
    form.elements.english.value = kept.english;
    for (const box of form.querySelectorAll("[type=checkbox]")) box.checked = false;
    for (const [name, value] of JSON.parse(kept.fields)) {
      const field = form.elements[name];
      if (field.type === "checkbox") field.checked = true;
      else field.value = value;
    }
    keep();
    preview();
  }

  const kept = JSON.parse(sessionStorage.getItem(key) || "null");
  if (form.dataset.unsaved) keep();
  else if (kept && (kept.fields === before || document.querySelector(".done"))) sessionStorage.removeItem(key);
  else if (kept) {
    const offer = document.getElementById("restore");
    offer.hidden = false;
    document.getElementById("restore-button").addEventListener("click", () => {
      restore(kept);
      offer.hidden = true;
      text.focus();
    });
  }

  form.addEventListener("input", () => {
    keep();
    clearTimeout(timer);
    timer = setTimeout(preview, PAUSE);
  });
  form.addEventListener("submit", () => { changed = false; });
  window.addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });

  // facts are inserted where the cursor stands
  const find = document.getElementById("find-fact");
  const facts = [...document.getElementById("facts").children];
  for (const fact of facts) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = "Insert";
    button.setAttribute("aria-label", `Insert ${fact.dataset.fact}`);
    button.addEventListener("click", () => {
      text.setRangeText(`{${fact.dataset.fact}}`, text.selectionStart, text.selectionEnd, "end");
      text.focus();
      form.dispatchEvent(new Event("input"));
    });
    fact.prepend(button);
  }
  document.getElementById("find-label").hidden = false;
  find.addEventListener("input", (event) => {
    event.stopPropagation(); // it is no part of the text
    const words = find.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const fact of facts) {
      const all = fact.textContent.toLowerCase();
      fact.hidden = !words.every((word) => all.includes(word));
    }
  });
  find.addEventListener("keydown", (event) => { if (event.key === "Enter") event.preventDefault(); });
})();
