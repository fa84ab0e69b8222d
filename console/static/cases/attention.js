// Calling for attention: a sound, the title, a notification; never with a word of anybody.
import { announce, byId } from "./dom.js";
import { cases, listed, me, view } from "./state.js";
import { languageName } from "./words.js";

const TITLE = document.title;
let audio = null;
let muted = localStorage.getItem("rahnuma.muted") === "yes";

export function start() {
  const sound = byId("sound");
  const showSound = () => {
    sound.setAttribute("aria-pressed", String(!muted));
    sound.textContent = muted ? "Sound off" : "Sound on";
  };
  sound.addEventListener("click", () => {
    muted = !muted;
    localStorage.setItem("rahnuma.muted", muted ? "yes" : "no");
    showSound();
    if (!muted) beep(1);
  });
  showSound();
  const notify = byId("notify");
  if (!("Notification" in window)) notify.hidden = true;
  const showNotify = () => {
    const given = "Notification" in window && Notification.permission === "granted";
    notify.setAttribute("aria-pressed", String(given));
    notify.textContent = given ? "Alerts on" : "Alerts off";
  };
  notify.addEventListener("click", async () => {
    await Notification.requestPermission();
    showNotify();
  });
  showNotify();
  // browsers let a page sound only after it was touched
  document.addEventListener("pointerdown", () => ready()?.resume(), { once: true });
  document.addEventListener("keydown", () => ready()?.resume(), { once: true });
}

function ready() {
  audio ??= "AudioContext" in window ? new AudioContext() : null;
  return audio;
}

function beep(times) {
  const context = muted ? null : ready();
  if (!context || context.state !== "running") return;
  for (let i = 0; i < times; i++) {
    const tone = context.createOscillator();
    const level = context.createGain();
    const at = context.currentTime + i * 0.22;
    tone.frequency.value = times > 1 ? 880 : 660;
    level.gain.setValueAtTime(0.0001, at);
    level.gain.exponentialRampToValueAtTime(0.2, at + 0.02);
    level.gain.exponentialRampToValueAtTime(0.0001, at + 0.18);
    tone.connect(level).connect(context.destination);
    tone.start(at);
    tone.stop(at + 0.2);
  }
}

const away = () => document.hidden || !document.hasFocus();

function tell(text, times) {
  beep(times);
  announce(text, times > 1);
  if (away() && "Notification" in window && Notification.permission === "granted") {
    new Notification("Rahnuma", { body: text, tag: "rahnuma" });
  }
}

/** The session is over: from now on nothing arrives here. */
export const signedOut = () => tell("You are signed out of the console", 2);

/** The lists changed; ``before``: marks as they were, by id. */
export function look(before) {
  for (const [id, old] of before) {
    const mark = cases.get(id);
    if (!mark) continue;
    const offered = mark.status === "offered" && mark.offered_to === me.name;
    if (offered && !(old?.status === "offered" && old.offered_to === me.name)) {
      tell(`${mark.danger ? "Danger: a" : "A"} case in ${languageName(mark.language)} is offered to you`, mark.danger ? 3 : 2);
    } else if (mark.holder === me.name && mark.danger && old && !old.danger) {
      tell("Danger in one of your cases", 3);
    } else if (mark.holder === me.name && mark.unread > (old?.unread ?? 0) && (away() || view.open !== id)) {
      tell("A person wrote", mark.danger ? 2 : 1);
    }
  }
  const waiting = listed("mine").filter((c) => c.unread).length + listed("offers").length;
  const title = waiting ? `(${waiting}) ${TITLE}` : TITLE;
  if (document.title !== title) document.title = title;
}
