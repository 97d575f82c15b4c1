// A drawing wider than its frame begins where the case stands.
for (const frame of document.querySelectorAll(".drawing-frame, .track-strip")) {
  const here = frame.querySelector(".step-current");
  if (!here) continue;
  const box = here.getBoundingClientRect();
  frame.scrollLeft += box.left + box.width / 2 - frame.getBoundingClientRect().left - frame.clientWidth / 2;
}
