// The inbox counter and the page of a case follow the server; without a socket the page simply
// stays as it was drawn.
const counters = document.querySelectorAll("[data-inbox-count]");
const LONGEST_WAIT = 60_000;
let wait = 2_000;

if (counters.length && "WebSocket" in window) connect();

function connect() {
  const scheme = location.protocol === "https:" ? "wss:" : "ws:";
  const socket = new WebSocket(`${scheme}//${location.host}/ws/inbox/`);
  socket.addEventListener("open", () => {
    wait = 2_000;
    // What changed between the drawing of the page and this moment was told to nobody.
    if (document.querySelector("[data-case]")) refreshSoon();
  });
  socket.addEventListener("message", (event) => {
    const said = JSON.parse(event.data);
    show(said.count);
    if (said.case && document.querySelector(`[data-case="${CSS.escape(said.case)}"]`)) refreshSoon();
  });
  socket.addEventListener("close", () => {
    setTimeout(connect, wait);
    wait = Math.min(wait * 2, LONGEST_WAIT);
  });
}

function show(count) {
  if (!Number.isInteger(count)) return;
  const changed = [...counters].some((counter) => counter.textContent.trim() !== String(count || ""));
  if (!changed) return;
  for (const counter of counters) counter.textContent = count || "";
  document.body.dispatchEvent(new CustomEvent("inbox-changed", { bubbles: true }));
}

// Of the page of a case only what nobody types into is drawn again, and nothing while it is read by
// keyboard; several changes at once are one.
let refreshing;

function refreshSoon() {
  clearTimeout(refreshing);
  refreshing = setTimeout(refresh, 300);
}

async function refresh() {
  const answer = await fetch(location.href, { headers: { "X-Requested-With": "live" } });
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const part of document.querySelectorAll("[data-live][id]")) {
    const now = fresh.getElementById(part.id);
    if (!now || isInUse(part) || part.isEqualNode(now)) continue;
    part.replaceWith(document.adoptNode(now));
  }
}

function isInUse(part) {
  const typed = [...part.querySelectorAll("textarea")].some((box) => box.value !== box.defaultValue);
  return typed || part.contains(document.activeElement);
}
