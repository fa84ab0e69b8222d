// One line of a conversation: a message, a note, what was done, what the program said.
import { h } from "./dom.js";
import { post } from "./wire.js";
import { takeBack } from "./unsent.js";
import { clock, day, delivery, direction, languageName, told } from "./words.js";

/** A message's element; ``given`` as the server gives it. */
export function line(id, given) {
  if (given.kind === "event" || given.kind === "notice") return program(given);
  const kind = given.kind === "note" ? "note" : given.from_person ? "person" : "staff";
  const element = h("li", { class: `line ${kind}`, "data-id": given.id });
  if (kind === "note") element.append(h("span", { class: "label" }, `Note by ${given.author}, only for the staff`));
  else element.append(h("span", { class: "unseen" }, kind === "person" ? "The person:" : `${given.author}:`));
  if (given.file) element.append(file(id, given));
  if (given.text) element.append(words(given.text, given.language));
  element.append(foot(id, given, kind));
  return element;
}

/** The words of somebody, in their own direction. */
export function words(text, language) {
  const known = language && direction(language);
  return h("p", { class: "words", dir: known || "auto", lang: language || null }, text);
}

function foot(id, given, kind) {
  const element = h("span", { class: "foot" }, h("time", { datetime: given.at }, clock(given.at)));
  if (kind === "person" && given.language) element.append(` · ${languageName(given.language)}`);
  if (kind === "staff") {
    const [state, text] = delivery(given);
    if (given.author) element.append(` · ${given.author}`);
    element.append(" · ", h("span", { class: `delivery ${state}` }, text));
    if (state === "failed") {
      const again = h("button", { type: "button", class: "small" }, "Send again");
      again.addEventListener("click", () => post(`/cases/${id}/messages/${given.id}/again`).catch(() => {}));
      element.append(" ", again);
    }
  }
  return element;
}

function file(id, given) {
  const address = `/console/cases/${id}/files/${given.file.id}`;
  const size = given.file.size < 1e6 ? `${Math.ceil(given.file.size / 1000)} kB` : `${(given.file.size / 1e6).toFixed(1)} MB`;
  const link = h("a", { href: `${address}?download=true`, download: true }, `Download (${given.file.type}, ${size})`);
  // shown only when asked for: each look is noted, and not every picture is one to come upon
  const show = (element) => {
    const open = h("button", { type: "button", class: "small" }, given.kind === "voice" ? "Play the voice note" : "Show the picture");
    open.addEventListener("click", () => open.replaceWith(element()));
    return open;
  };
  if (given.file.type.startsWith("image/")) {
    return h("div", { class: "file" }, show(() => h("img", { src: address, alt: "Picture that the person sent" })), " ", link);
  }
  if (given.file.type.startsWith("audio/")) {
    return h("div", { class: "file" }, show(() => h("audio", { src: address, controls: true })), " ", link);
  }
  return h("div", { class: "file" }, "📄 ", link);
}

function program(given) {
  return h("li", { class: "line program", "data-id": given.id }, h("time", { datetime: given.at }, clock(given.at)), " ", told(given));
}

/** A message that is not confirmed yet. ``write``: puts a text back into the composer. */
export function unsent(one, write) {
  const element = h("li", { class: `line ${one.kind === "note" ? "note" : "staff"} unsent` }, h("p", { class: "words", dir: "auto" }, one.text));
  if (!one.problem) {
    element.append(h("span", { class: "foot" }, h("span", { class: "delivery waiting" }, "Sending…")));
    return element;
  }
  const back = h("button", { type: "button", class: "small" }, "Write again");
  back.addEventListener("click", () => write(takeBack(one.key)));
  const drop = h("button", { type: "button", class: "small" }, "Drop");
  drop.addEventListener("click", () => takeBack(one.key));
  element.append(h("span", { class: "foot" }, h("span", { class: "delivery failed" }, `Not sent: ${one.problem}`), " ", back, " ", drop));
  return element;
}

export function dayLine(time) {
  return h("li", { class: "day" }, h("span", {}, day(time)));
}
