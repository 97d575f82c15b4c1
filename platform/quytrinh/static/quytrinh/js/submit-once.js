// A form is sent once: its buttons sleep after the first submit and wake when the page is shown again.
const busyForms = new Set();

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post") return;
  if (busyForms.has(form)) {
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
