// A form is sent once: its buttons sleep after the first submit and wake when the page is shown again.
// With a file that the server would refuse unread it is not sent at all: so nothing typed is lost.
const busyForms = new Set();
const PICKERS = "input[data-max-bytes]";

document.addEventListener("change", (event) => {
  if (event.target.matches?.(PICKERS)) judge(event.target);
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  const tooLarge = [...form.querySelectorAll(PICKERS)].find(isTooLarge);
  tooLarge?.focus();
  if (tooLarge || busyForms.has(form)) {
    event.preventDefault();
    return;
  }
  busyForms.add(form);
  // After the event: a button disabled now would take its name and formaction out of the request.
  setTimeout(() => setBusy(form, true));
});

window.addEventListener("pageshow", () => {
  for (const form of busyForms) setBusy(form, false);
  busyForms.clear();
});

document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.target.closest?.("form");
  if (!form || !busyForms.delete(form)) return;
  setBusy(form, false);
});

function setBusy(form, busy) {
  form.setAttribute("aria-busy", String(busy));
  for (const button of form.querySelectorAll("button:not([data-never])")) button.disabled = busy;
}

function isTooLarge(picker) {
  return [...picker.files].some((file) => file.size > Number(picker.dataset.maxBytes));
}

function judge(picker) {
  const id = `${picker.id}-error`;
  const note = document.getElementById(id) ?? picker.parentElement.appendChild(document.createElement("p"));
  note.id = id;
  note.className = "field-error";
  note.setAttribute("role", "alert");
  note.textContent = isTooLarge(picker) ? picker.dataset.tooLarge : "";
  picker.setAttribute("aria-invalid", String(isTooLarge(picker)));
  picker.setAttribute("aria-describedby", id);
}
