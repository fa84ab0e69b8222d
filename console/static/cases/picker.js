// Ready replies and answers of the library: found by words, read in both languages, inserted.
import { byId, h } from "./dom.js";
import { labels, talks, view } from "./state.js";
import { get } from "./wire.js";
import { insert } from "./composer.js";
import { direction, languageName } from "./words.js";

const search = byId("pick-search");
const list = byId("pick-list");
let kind = "replies";
let found = [];
let chosen = 0;
let asked = 0;
let timer = null;

export function start() {
  for (const code of Object.keys(labels.languages)) {
    byId("pick-language").append(h("option", { value: code }, languageName(code)));
  }
  search.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, 120);
  });
  byId("pick-language").addEventListener("change", look);
  byId("pick-close").addEventListener("click", close);
  byId("pick-replies").addEventListener("click", () => open("replies"));
  byId("pick-answers").addEventListener("click", () => open("answers"));
  byId("picker").addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      event.stopPropagation();
      close();
    }
  });
  search.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && found.length) {
      event.preventDefault();
      choose((chosen + step + found.length) % found.length);
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (found[chosen]) take(chosen);
    }
  });
}

export const isOpen = () => !byId("picker").hidden;

export function open(what) {
  if (!talks.get(view.open)) return;
  const fresh = !isOpen();
  kind = what;
  byId("picker").hidden = false;
  byId("pick-replies").setAttribute("aria-pressed", String(kind === "replies"));
  byId("pick-answers").setAttribute("aria-pressed", String(kind === "answers"));
  if (fresh) {
    search.value = "";
    byId("pick-language").value = talks.get(view.open).case.language;
  }
  search.focus();
  look();
}

export function close() {
  byId("picker").hidden = true;
  byId("composer-text").focus();
}

async function look() {
  const mine = ++asked;
  const language = byId("pick-language").value;
  const query = new URLSearchParams({ q: search.value.trim(), language });
  try {
    const answer = await get(`/cases/${view.open}/${kind}?${query}`);
    if (mine !== asked) return;
    found = answer[kind];
  } catch (error) {
    if (mine !== asked) return;
    found = [];
    list.replaceChildren(h("li", { class: "hint", role: "option", "aria-disabled": "true", "aria-selected": "false" }, `Not found: ${error.message}`));
    return;
  }
  list.replaceChildren(...found.map(option));
  if (!found.length) {
    const text = kind === "answers" && !search.value.trim() ? "Type what it is about, in English or their language." : "Nothing found.";
    list.append(h("li", { class: "hint", role: "option", "aria-disabled": "true", "aria-selected": "false" }, text));
  }
  choose(0);
}

function option(one, i) {
  const title = kind === "replies" ? one.when : `${one.title_en}${one.draft ? " (draft)" : ""}`;
  const element = h(
    "li",
    { role: "option", id: `pick-${i}`, class: "option" },
    h("strong", {}, title),
    h("p", { lang: one.language, dir: direction(one.language) }, one.text),
    one.language === "en" ? null : h("p", { class: "meaning", lang: "en", dir: "ltr" }, one.english),
  );
  element.addEventListener("click", () => take(i));
  return element;
}

function choose(i) {
  chosen = i;
  [...list.children].forEach((one, n) => one.getAttribute("aria-disabled") || one.setAttribute("aria-selected", String(n === i)));
  const element = found.length ? list.children[i] : null;
  if (element) {
    search.setAttribute("aria-activedescendant", element.id);
    element.scrollIntoView({ block: "nearest" });
  } else search.removeAttribute("aria-activedescendant");
}

function take(i) {
  const one = found[i];
  close();
  insert(one.text, one.language === "en" ? "" : one.english);
}
