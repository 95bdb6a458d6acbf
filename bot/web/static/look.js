// Draws how an answer looks on one channel, with what draws the demo's phone and the chat page; nothing here does anything.
const about = JSON.parse(document.getElementById("about").textContent);
const log = document.getElementById("log");
const quick = document.getElementById("quick");
const idle = () => {};
const acts = { say: idle, tap: idle, pick: idle, send: idle, open: idle, touch: idle, ownMenu: idle };

const drawers = {
  line: () => import("./phone-line.js"),
  telegram: () => import("./phone-telegram.js"),
  web: () => import("./chat-draw.js"),
};
const look = await drawers[about.on]();
for (const face of about.faces) {
  log.append(about.on === "web" ? look.line(face, about.words, acts, new Set()) : look.line(face, acts));
  if (quick) quick.replaceChildren(...look.quick(face, acts));
}
