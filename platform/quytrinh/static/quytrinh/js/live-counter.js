// The inbox counter follows the server; without a socket the page simply stays as it was drawn.
const counters = document.querySelectorAll("[data-inbox-count]");
const LONGEST_WAIT = 60_000;
let wait = 2_000;

if (counters.length && "WebSocket" in window) connect();

function connect() {
  const scheme = location.protocol === "https:" ? "wss:" : "ws:";
  const socket = new WebSocket(`${scheme}//${location.host}/ws/inbox/`);
  socket.addEventListener("open", () => { wait = 2_000; });
  socket.addEventListener("message", (event) => show(JSON.parse(event.data).count));
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
