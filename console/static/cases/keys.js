// Keyboard shortcuts (listed by "?"), none without Alt while somebody writes.

/** Start; ``run``: what to do, by name. */
export function start(run) {
  const alt = {
    ArrowDown: () => run.step(1),
    ArrowUp: () => run.step(-1),
    KeyT: run.take,
    KeyP: run.pass,
    KeyR: () => run.pick("replies"),
    KeyA: () => run.pick("answers"),
    KeyN: run.note,
    KeyI: run.about,
    KeyX: run.close,
    KeyM: run.write,
  };
  document.addEventListener("keydown", (event) => {
    if (document.querySelector("dialog[open]")) return;
    if (event.altKey && !event.ctrlKey && !event.metaKey && alt[event.code]) {
      event.preventDefault();
      alt[event.code]();
    } else if (event.key === "Escape") {
      run.escape();
    } else if (event.key === "?" && !writes(event.target)) {
      event.preventDefault();
      run.help();
    }
  });
}

const writes = (element) => element.matches("input, textarea, select, [contenteditable]");
