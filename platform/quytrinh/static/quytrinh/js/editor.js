// The editor of a draft: drawing and table select each other, keys move and delete, edits queue.
const editor = () => document.getElementById("editor");
const line = (step) => document.getElementById(`line-${step}`);

// Every request says for which text it was made: the one shown now, not the one of its form.
document.addEventListener("htmx:configRequest", (event) => {
  const base = document.getElementById("state")?.dataset.base;
  if (event.detail.verb === "post" && base) event.detail.parameters.base = base;
});

document.addEventListener("click", (event) => {
  const box = event.target.closest?.("#editor .drawing [data-step], #editor .drawing [data-block]");
  if (box) line(box.dataset.step ?? box.dataset.block)?.click();
});

document.addEventListener("keydown", (event) => {
  const here = event.target.closest?.(".step-line");
  if (!here || event.isComposing) return;
  const lines = [...document.querySelectorAll(".step-line")];
  const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  const selected = here.hasAttribute("aria-current");
  if (step && event.altKey && selected) press(step < 0 ? "move-up" : "move-down", here.id);
  else if (step && !event.altKey) lines[lines.indexOf(here) + step]?.focus();
  else if (event.key === "Delete" && selected) press("delete-step", here.id);
  else return;
  event.preventDefault();
});

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest?.("input, textarea, select, .cm-editor");
  if (!(event.ctrlKey || event.metaKey) || event.code !== "KeyZ" || typing) return;
  if (!editor()) return;
  event.preventDefault();
  document.getElementById(event.shiftKey ? "redo" : "undo")?.click();
});

let focusAfter = "";

function press(button, back) {
  focusAfter = back;
  document.getElementById(button)?.click();
}

document.addEventListener("submit", (event) => {
  if (event.target.matches(".add-step")) focusAfter = "add-kind";
});

function mark() {
  const drawing = document.getElementById("drawing");
  if (!drawing) return;
  const wrong = new Set(drawing.dataset.wrong.split(" "));
  for (const box of drawing.querySelectorAll("[data-step]")) {
    box.classList.toggle("step-selected", box.dataset.step === drawing.dataset.selected);
    box.classList.toggle("step-faulty", wrong.has(box.dataset.step));
  }
  const chosen = drawing.querySelector(".step-selected");
  const frame = drawing.querySelector(".drawing-frame");
  if (chosen && frame) {
    const place = chosen.getBoundingClientRect(), around = frame.getBoundingClientRect();
    if (place.left < around.left || place.right > around.right)
      frame.scrollLeft += place.left - around.left - around.width / 3;
  }
}

document.addEventListener("htmx:afterSettle", () => {
  mark();
  if (focusAfter) document.getElementById(focusAfter)?.focus();
  focusAfter = "";
});
mark();
