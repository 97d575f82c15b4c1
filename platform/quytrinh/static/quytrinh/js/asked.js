// Fields that are asked only when others have certain values. The server decides again.
function given(form, name) {
  const controls = [...form.elements].filter((control) => control.name === name);
  return controls.flatMap((control) => {
    if (control.type === "checkbox" && control.value === "on") return [String(control.checked)];
    if (control.type === "checkbox" || control.type === "radio") return control.checked ? [control.value] : [];
    return [control.value];
  });
}

function holds(form, condition) {
  return Object.entries(condition).every(([name, values]) => {
    const holder = form.querySelector(`[name="${CSS.escape(name)}"]`)?.closest("[data-asked-when]");
    return !holder?.hidden && given(form, name).some((value) => values.includes(value));
  });
}

function refresh(form) {
  for (const field of form.querySelectorAll("[data-asked-when]")) {
    field.hidden = !holds(form, JSON.parse(field.dataset.askedWhen));
  }
}

document.addEventListener("change", (event) => {
  if (event.target.form) refresh(event.target.form);
});
