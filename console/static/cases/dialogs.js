// Forms over the page: closing, passing on, referring, shortcuts.
import { byId, h } from "./dom.js";
import { labels, talks } from "./state.js";
import { get, post } from "./wire.js";
import { languageName } from "./words.js";

const dialog = byId("dialog");
let confirm = null;

export function start() {
  byId("dialog-cancel").addEventListener("click", () => dialog.close());
  dialog.querySelector("form").addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!confirm) return dialog.close();
    byId("dialog-ok").disabled = true;
    try {
      await confirm();
      dialog.close();
    } catch (error) {
      problem(error.message);
    } finally {
      byId("dialog-ok").disabled = false;
    }
  });
}

function problem(text) {
  byId("dialog-problem").textContent = text;
  byId("dialog-problem").hidden = !text;
}

/** Open a form; ``ok``: the label of its button (none: only to read); ``run``: throws what is wrong. */
function show(title, body, ok, run) {
  byId("dialog-title").textContent = title;
  byId("dialog-body").replaceChildren(...body);
  byId("dialog-ok").hidden = !ok;
  byId("dialog-ok").textContent = ok ?? "";
  byId("dialog-cancel").textContent = ok ? "Cancel" : "Close";
  confirm = run ?? null;
  problem("");
  dialog.showModal();
}

const choice = (name, value, label, more = {}) =>
  h("label", { class: "tick" }, h("input", { type: "radio", name, value, required: true, ...more }), " ", label);

const chosen = (name) => dialog.querySelector(`input[name=${name}]:checked`)?.value;

export function closeCase(id) {
  const options = Object.entries(labels.outcomes).map(([key, label]) => choice("outcome", key, label));
  show("Close this case", [h("p", { class: "hint" }, "The person is told that the talk is over and asked how it was. They can go on within 72 hours."), h("fieldset", {}, h("legend", {}, "What became of it?"), options)], "Close the case", () =>
    post(`/cases/${id}/close`, { outcome: chosen("outcome") }),
  );
}

export function giveBack(id) {
  show("Give back to the queue", [h("p", {}, "The person is told that another counsellor goes on with them. You can’t read the case any more.")], "Give back", () => post(`/cases/${id}/give-back`));
}

export async function transfer(id) {
  const { colleagues, desks } = await get(`/cases/${id}/colleagues`);
  const people = colleagues.map((one) => {
    const facts = [
      one.here ? "is there" : "not there",
      one.languages.map(languageName).join(", ") || "no language known",
      `${one.load} of ${one.capacity} cases`,
    ];
    return h("div", { class: one.here && one.speaks ? "" : "dim" }, choice("where", `to:${one.name}`, `${one.name}: ${facts.join(" · ")}${one.speaks ? "" : " · does not speak the language"}`));
  });
  const tables = Object.entries(desks).map(([key, name]) => choice("where", `desk:${key}`, name));
  show(
    "Pass this case on",
    [
      h("p", { class: "hint" }, "A colleague has two minutes to take it; then it is offered to others who speak the language. Leave a note first, so that the person need not tell everything again."),
      h("fieldset", {}, h("legend", {}, "To a colleague"), people.length ? people : "There is no other colleague."),
      h("fieldset", {}, h("legend", {}, "To a desk"), tables),
    ],
    "Pass on",
    () => {
      const [kind, ...rest] = chosen("where").split(":");
      return post(`/cases/${id}/transfer`, { [kind]: rest.join(":") });
    },
  );
}

export function refer(id) {
  const { about, case: one } = talks.get(id);
  const organisations = Object.entries(labels.organisations).sort((a, b) => a[1].name.localeCompare(b[1].name));
  const select = h("select", { name: "organisation", required: true }, h("option", { value: "" }, "Choose …"), organisations.map(([key, org]) => h("option", { value: key }, org.name)));
  const contacts = h("p", { class: "hint" });
  select.addEventListener("change", () => {
    const { name: _name, ...ways } = labels.organisations[select.value] ?? {};
    contacts.textContent = Object.entries(ways).map(([way, value]) => `${way}: ${value}`).join(" · ");
  });
  const tags = one.tags.map((tag) => labels.tags[tag]?.label ?? tag).join("; ");
  const text = h("textarea", { name: "text", rows: 6, maxlength: 4000, required: true, dir: "auto" });
  text.value = [tags && `About: ${tags}`, about.text].filter(Boolean).join("\n");
  const field = (label, element) => h("label", {}, label, element);
  const name = h("input", { name: "name", maxlength: 100, dir: "auto" });
  name.value = about.name ?? "";
  const contact = h("input", { name: "contact", maxlength: 500, dir: "auto", placeholder: "Only what the person wants them to have" });
  const urgent = h("input", { type: "checkbox", name: "urgent" });
  const agreed = h("input", { type: "checkbox", name: "agreed", required: true });
  const consent = h("input", { name: "consent", maxlength: 300, required: true, dir: "auto", placeholder: "For example: wrote “yes, tell them” today" });
  show(
    "Refer to an organisation",
    [
      field("Organisation", select),
      contacts,
      field("What is passed on (read it again: leave out what they need not know)", text),
      field("Name to use", name),
      field("How the organisation reaches the person", contact),
      h("label", { class: "tick" }, urgent, " Urgent"),
      h("fieldset", {}, h("legend", {}, "Consent"), h("label", { class: "tick" }, agreed, " The person agreed that this organisation gets exactly this"), field("When and how they agreed", consent)),
      h("p", { class: "hint" }, "Nothing is sent by itself: you print the page or read it out. The person is told that you referred them."),
    ],
    "Save the referral",
    () =>
      post(`/cases/${id}/referrals`, {
        organisation: select.value,
        text: text.value,
        name: name.value,
        contact: contact.value,
        urgent: urgent.checked,
        agreed: agreed.checked,
        consent: consent.value,
      }),
  );
}

export const SHORTCUTS = [
  ["Alt + ↓ / ↑", "next, previous case"],
  ["Alt + T", "take the first offer"],
  ["Alt + P", "pass the first offer"],
  ["/ or Alt + R", "ready replies"],
  ["Alt + A", "answers of the library"],
  ["Alt + N", "note on, off"],
  ["Alt + I", "about the person"],
  ["Alt + X", "close the case"],
  ["Alt + M", "to the message field"],
  ["Enter", "send; Shift + Enter: new line"],
  ["Esc", "close what is open"],
  ["?", "this list"],
];

export function help() {
  show("Keyboard shortcuts", [h("dl", { class: "shortcuts" }, SHORTCUTS.map(([keys, text]) => [h("dt", {}, h("kbd", {}, keys)), h("dd", {}, text)]))], null);
}
