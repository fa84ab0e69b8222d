// About the open case: what they said when asking, tags, files, referrals, earlier cases.
import { byId, h } from "./dom.js";
import { emit, labels, talks, view } from "./state.js";
import { post } from "./wire.js";
import { words } from "./message.js";
import { centreName, clock, day, deskName, languageName, organisationName, tagName, topicName } from "./words.js";

const panel = byId("about");
const body = byId("about-body");
let drawn = "";
let openCase = null;

export function start(open) {
  openCase = open;
  byId("about-close").addEventListener("click", () => toggle(false));
}

export function toggle(wanted = !panel.classList.contains("shown")) {
  panel.classList.toggle("shown", wanted);
  byId("about-button")?.setAttribute("aria-expanded", String(wanted));
  if (wanted) byId("about-close").focus();
  else byId("about-button")?.focus();
}

export function draw() {
  const talk = talks.get(view.open);
  panel.hidden = !talk || talk.lost;
  if (panel.hidden) {
    body.replaceChildren();
    drawn = "";
    return;
  }
  // drawn anew only if something in it changed: whoever types a tag is not disturbed
  const files = talk.messages.filter((one) => one.file);
  const made = JSON.stringify([talk.case.id, talk.case.tags, talk.case.status, talk.case.holder, talk.referrals, files.length, talk.lost]);
  if (made === drawn) return;
  drawn = made;
  body.replaceChildren(
    facts(talk),
    shared(talk.about),
    tags(talk),
    referrals(talk),
    fileList(talk, files),
    history(talk.history),
  );
}

function part(title, ...children) {
  return h("section", {}, h("h3", {}, title), children);
}

function facts({ case: one, about }) {
  const row = (term, text) => (text ? [h("dt", {}, term), h("dd", {}, h("bdi", {}, text))] : []);
  return h(
    "dl",
    { class: "facts-list" },
    row("Name", about.name),
    row("Speaks", one.languages.map(languageName).join(", ")),
    row("Topic", topicName(one.topic)),
    row("Centre", centreName(one.centre)),
    row("Writes on", one.channel === "web" ? "web chat" : one.channel === "telegram" ? "Telegram" : one.channel),
    row("Since", `${day(one.opened)}, ${clock(one.opened)}`),
    row("Desk", one.desk && deskName(one.desk)),
    row("Counsellor", one.holder),
  );
}

function shared(about) {
  if (!about.shared.length) return "";
  return part("Messages that they shared", h("ol", { class: "shared" }, about.shared.map((text) => h("li", {}, words(text, null)))));
}

function tags(talk) {
  const id = talk.case.id;
  const save = (wanted) => post(`/cases/${id}/tags`, { tags: wanted }).catch((error) => emit("problem", error.message));
  const list = h("ul", { class: "tags" }, talk.case.tags.map((tag) =>
    h("li", {}, tagName(tag), h("button", { type: "button", class: "small", "aria-label": `Take away the tag ${tagName(tag)}`, on: { click: () => save(talk.case.tags.filter((t) => t !== tag)) } }, "✕")),
  ));
  const options = h("datalist", { id: "tag-options" }, Object.values(labels.tags).map((one) => h("option", { value: `${one.label} (${one.category})` })));
  const input = h("input", { list: "tag-options", id: "tag-input", autocomplete: "off", placeholder: "Add a tag …", "aria-label": "Add a tag" });
  const add = () => {
    const key = Object.keys(labels.tags).find((tag) => `${labels.tags[tag].label} (${labels.tags[tag].category})` === input.value);
    if (!key || talk.case.tags.includes(key) || talk.case.tags.length >= labels.most_tags) return;
    input.value = "";
    save([...talk.case.tags, key]);
  };
  input.addEventListener("change", add);
  return part("Tags", list, options, input);
}

function referrals(talk) {
  if (!talk.referrals.length) return "";
  const id = talk.case.id;
  return part("Referrals", h("ul", { class: "plain" }, talk.referrals.map((one) => {
    const settle = (state) => h("button", { type: "button", class: "small", on: { click: () => post(`/cases/${id}/referrals/${one.id}`, { state }).catch((error) => emit("problem", error.message)) } }, state === "accepted" ? "They accepted" : "They declined");
    return h("li", {}, h("strong", {}, organisationName(one.organisation)), `${one.urgent ? " · urgent" : ""} · ${one.state} · ${day(one.at)} `, h("a", { href: `/console/cases/${id}/referrals/${one.id}`, target: "_blank", rel: "noopener" }, "Page to print"), " ", one.state === "made" ? [settle("accepted"), " ", settle("declined")] : "");
  })));
}

function fileList(talk, files) {
  if (!files.length) return "";
  return part("Files", h("ul", { class: "plain" }, files.map((one) =>
    h("li", {}, h("a", { href: `/console/cases/${talk.case.id}/files/${one.file.id}?download=true`, download: true }, `${one.kind}, ${clock(one.at)}`)),
  )));
}

function history(earlier) {
  if (!earlier.length) return "";
  return part("Earlier talks", h("ul", { class: "plain" }, earlier.map((one) =>
    h("li", {}, h("button", { type: "button", class: "small", on: { click: () => openCase(one.id) } }, `${day(one.opened)} · ${topicName(one.topic)} · ${one.outcome ?? "open"}`)),
  )));
}
