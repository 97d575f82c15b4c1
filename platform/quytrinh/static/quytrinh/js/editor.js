// The editor of a draft: drawing and table select each other, keys move and delete, edits queue.
const editor = () => document.getElementById("editor");
const line = (step) => document.getElementById(`line-${step}`);

// Every request says for which text it was made: the one shown now, not the one of its form.
document.addEventListener("htmx:configRequest", (event) => {
  const base = document.getElementById("state")?.dataset.base;
  // A whole text keeps the base it was typed upon: another's edit must not be written over.
  if (event.detail.verb === "post" && base && event.detail.elt.id !== "yaml-form")
    event.detail.parameters.base = base;
});

// What is typed in the YAML box and not sent survives edits made elsewhere on the page.
let unsent = null;
const typedText = () => document.querySelector("#yaml textarea");

document.addEventListener("htmx:beforeRequest", (event) => {
  const text = typedText();
  const dirty = text && text.value !== text.defaultValue && event.detail.elt.id !== "yaml-form";
  unsent = dirty ? { text: text.value, base: text.form.elements.base.value } : null;
});

function bringBack() {
  const text = typedText();
  if (!unsent || !text) return;
  text.value = unsent.text;
  text.form.elements.base.value = unsent.base;
  document.getElementById("yaml").open = true;
}

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

// The YAML box becomes an editor when it is opened, and not before.
async function openCode() {
  const box = document.getElementById("yaml");
  const text = box?.querySelector("textarea");
  if (!box?.open || !text || box.querySelector(".code-host")) return;
  const data = (name) => JSON.parse(document.getElementById(name).textContent);
  const { open } = await import(box.dataset.vendor);
  if (!text.isConnected || box.querySelector(".code-host")) return;
  const code = open(text, {
    findings: data("yaml-marks"), words: data("yaml-words"), label: text.getAttribute("aria-label"),
  });
  const first = data("yaml-lines")[document.getElementById("drawing")?.dataset.selected];
  if (first) code.goTo(first);
}

document.addEventListener("toggle", (event) => {
  if (event.target.id === "yaml") openCode();
}, true);

document.addEventListener("htmx:afterSettle", () => {
  mark();
  bringBack();
  openCode();
  if (focusAfter) document.getElementById(focusAfter)?.focus();
  focusAfter = "";
});
mark();
openCode();
