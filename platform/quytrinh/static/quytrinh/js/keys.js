// Keyboard: arrows walk a list, Enter opens (the browser's own), Ctrl+Enter sends the main action.
// Vietnamese input methods rewrite letters and inject Backspace, so letters are never bound.
document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.defaultPrevented) return;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) sendMain(event);
  else if (["ArrowDown", "ArrowUp", "Home", "End"].includes(event.key)) walkList(event);
  else if (event.key === "Escape") closeMenus();
});

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

function sendMain(event) {
  const form = event.target.closest?.("form");
  const button = (form ?? document).querySelector("button[data-main]") ?? document.querySelector("button[data-main]");
  if (!button || button.disabled) return;
  event.preventDefault();
  button.click();
}

function walkList(event) {
  const list = event.target.closest?.("[data-walk]");
  if (!list || event.ctrlKey || event.altKey || event.shiftKey || event.metaKey) return;
  const rows = [...list.querySelectorAll("a[href]")];
  const here = rows.indexOf(event.target);
  const goal = { ArrowDown: here + 1, ArrowUp: Math.max(here - 1, 0), Home: 0, End: rows.length - 1 }[event.key];
  if (!rows[goal]) return;
  event.preventDefault();
  rows[goal].focus();
}

function closeMenus() {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
}

// A refused form is read from its explanation on.
document.querySelector(".error-summary")?.focus();
