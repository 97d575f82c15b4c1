// In a draft: a finding's line number selects that line of the source.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[data-line]");
  const source = document.querySelector("textarea.source");
  if (!link || !source) return;
  event.preventDefault();
  const lines = source.value.split("\n");
  const line = Number(link.dataset.line);
  const start = lines.slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0);
  source.focus();
  source.setSelectionRange(start, start + (lines[line - 1] ?? "").length);
  source.scrollTop = (line - 4) * parseFloat(getComputedStyle(source).lineHeight);
});

document.addEventListener("change", async (event) => {
  const picker = event.target;
  const source = document.querySelector("textarea.source");
  if (picker.dataset?.fills !== "source" || !picker.files.length || !source) return;
  source.value = await picker.files[0].text();
});
