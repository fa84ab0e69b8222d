// Writing: messages and notes, drafts that survive, ready texts that must be filled in.
import { byId, setText } from "./dom.js";
import { cases, labels, me, recall, remember, talks, view } from "./state.js";
import { send } from "./unsent.js";
import { post } from "./wire.js";
import { languageName } from "./words.js";

const PLACEHOLDER = /\{(?:counsellor|name|organisation|centre|time|hours|[a-z_]+\.[a-z0-9_.]+)\}/;
const TYPING_EVERY = 3000;
const box = byId("composer-text");
const drafts = recall("drafts", {});
let typed = 0;

const mode = () => (drafts[view.open]?.note ? "note" : "text");

/** Start; ``open``: opens the ready texts ("replies" or "answers"). */
export function start(open) {
  box.maxLength = labels.most_text;
  byId("composer").addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      submit();
    } else if (event.key === "/" && box.value === "" && !isNote()) {
      event.preventDefault();
      open("replies");
    }
  });
  box.addEventListener("input", () => {
    keep();
    grow();
    tellTyping();
  });
  byId("note-mode").addEventListener("click", toggleNote);
  byId("open-replies").addEventListener("click", () => open("replies"));
  byId("open-answers").addEventListener("click", () => open("answers"));
  window.addEventListener("pagehide", () => remember("drafts", drafts));
}

/** Whether a note is being written. Who doesn't hold the case can only write notes. */
function isNote() {
  return byId("composer").classList.contains("notes-only") || mode() === "note";
}

/** Show the draft of the case that is open now. */
export function restore() {
  const draft = drafts[view.open] ?? {};
  box.value = (draft.note ? draft.noteText : draft.text) ?? "";
  hint(draft.note ? "" : draft.hint);
  show();
  grow();
}

function keep() {
  const id = view.open;
  if (!id) return;
  const draft = (drafts[id] ??= {});
  if (draft.note) draft.noteText = box.value;
  else draft.text = box.value;
  if (!box.value) delete draft.hint;
  hint(draft.note ? "" : draft.hint);
  if (!draft.text && !draft.noteText && !draft.note) delete drafts[id];
  remember("drafts", drafts);
  show();
}

export function toggleNote() {
  const draft = (drafts[view.open] ??= {});
  draft.note = !draft.note;
  restore();
  remember("drafts", drafts);
  box.focus();
}

/** Bring the form in line with what is being written. */
export function show() {
  const note = isNote();
  const talk = talks.get(view.open);
  const language = talk?.case.language;
  byId("composer").classList.toggle("note", note);
  byId("note-mode").setAttribute("aria-pressed", String(note));
  setText(byId("composer-label"), note ? "Note, only for the staff" : `Message to the person in ${languageName(language ?? "en")}`);
  box.placeholder = note ? "A note that only colleagues read" : `Write in ${languageName(language ?? "en")} …  ( / for ready replies)`;
  setText(byId("send"), note ? "Save note" : "Send");
  const left = labels.most_text - box.value.length;
  if (left < 200) setText(byId("composer-state"), `${left} characters left`);
  else if (byId("composer-state").textContent.endsWith("left")) setText(byId("composer-state"), "");
}

function grow() {
  box.style.height = "auto";
  box.style.height = `${Math.min(box.scrollHeight + 2, 200)}px`;
}

function hint(text) {
  byId("composer-hint").hidden = !text;
  setText(byId("composer-hint"), text ? `In English: ${text}` : "");
}

function submit() {
  const text = box.value.trim();
  const id = view.open;
  if (!text || !id) return;
  const note = isNote();
  const missing = note ? null : PLACEHOLDER.exec(box.value);
  if (missing) {
    setText(byId("composer-state"), `Fill in ${missing[0]} first`);
    box.focus();
    box.setSelectionRange(missing.index, missing.index + missing[0].length);
    return;
  }
  setText(byId("composer-state"), "");
  box.value = "";
  keep();
  grow();
  send(id, note ? "note" : "text", text);
  if (mode() === "note") toggleNote();
  box.focus();
}

/** Put a ready text where the cursor is; ``english``: what it says. */
export function insert(text, english) {
  const id = view.open;
  if (drafts[id]?.note) toggleNote();
  const before = box.value.slice(0, box.selectionStart);
  const after = box.value.slice(box.selectionEnd);
  const gap = before && !before.endsWith("\n") ? "\n" : "";
  box.value = `${before}${gap}${text}${after}`;
  (drafts[id] ??= {}).hint = english ?? "";
  box.dispatchEvent(new Event("input"));
  box.focus();
  const missing = PLACEHOLDER.exec(box.value);
  if (missing) box.setSelectionRange(missing.index, missing.index + missing[0].length);
  else box.setSelectionRange((before + gap + text).length, (before + gap + text).length);
}

export const writeAgain = (text) => insert(text, "");

function tellTyping() {
  const mark = cases.get(view.open);
  if (isNote() || !box.value || mark?.holder !== me.name || Date.now() - typed < TYPING_EVERY) return;
  typed = Date.now();
  // a courtesy: if it does not get through, nothing is lost
  post(`/cases/${view.open}/typing`).catch(() => {});
}
