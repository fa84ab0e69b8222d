// Brings the part "now" of a page up to date, without losing the focus.
"use strict";
const part = document.getElementById("now");
const stale = document.getElementById("stale");
const every = Number(part.dataset.every) * 1000;

async function refresh() {
  if (document.hidden) return;
  let answer;
  try {
    answer = await fetch(part.dataset.from, { credentials: "same-origin", redirect: "manual" });
  } catch {
    stale.textContent = "No connection: the numbers are not up to date.";
    return;
  }
  if (!answer.ok) {
    stale.textContent = answer.type === "opaqueredirect"
      ? "Your session is over: reload the page to sign in again."
      : "The numbers can't be read at the moment.";
    return;
  }
  const text = await answer.text();
  const focused = part.contains(document.activeElement) ? document.activeElement.id : "";
  part.innerHTML = text;
  stale.textContent = "";
  if (focused) document.getElementById(focused)?.focus();
}

setInterval(refresh, every);
document.addEventListener("visibilitychange", refresh);
