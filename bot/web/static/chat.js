// The talk: reads along by server-sent events, posts what the person writes or taps, keeps what could not be sent.
import { bare, line, make, pieces, text } from "./chat-draw.js";
import { still } from "./still.js";

const about = JSON.parse(document.getElementById("about").textContent);
const { base, words } = about;
const log = document.getElementById("log");
const state = document.getElementById("state");
const write = document.getElementById("write");
const area = document.getElementById("words");
const left = document.getElementById("left");
const always = new Set([...document.querySelectorAll("[data-tap]")].map((one) => one.dataset.tap));
const labels = new Map([...document.querySelectorAll("[data-tap]")].map((one) => [one.dataset.tap, [[one.innerText.trim(), null]]]));
const pending = [];
const seen = new Set();
let ready = false;
let slow = 0, hopeless = 0, held = false, awaited = false;

// What the server takes out before it shows words again.
const clean = (said) => said.replace(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ufff9-\ufffb]/gu, "");
const key = () => [...crypto.getRandomValues(new Uint8Array(12))].map((one) => one.toString(16).padStart(2, "0")).join("");
const say = (marked) => { state.replaceChildren(text(pieces(marked))); };
const calm = matchMedia("(prefers-reduced-motion: reduce)");
const calmly = still(log, ".choices button, .choices a, [data-tap]");

function show(said, id) {
  const node = line({ ...said, id }, words, acts, always);
  if (said.who === "me") { log.insertBefore(node, dots.isConnected ? dots : null); } else log.append(node);
  for (const offer of said.buttons || []) labels.set(offer.tap, offer.label);
  if (said.picker) labels.set(said.picker.tap, said.picker.label);
  freshen();
  if (said.who === "me") stick = true;
  if (said.who === "me" || last === "me" || performance.now() - latest > 1500) start = node;
  last = said.who;
  latest = performance.now();
  calmly.moved();
  settle();
  return node;
}

// Only what was said last stays large and offers its ways: everything after the person's last own word.
function freshen() {
  const lines = [...log.querySelectorAll(".line")];
  for (const one of lines) one.classList.toggle("old", false);
  const own = lines.findLastIndex((one) => one.classList.contains("me"));
  lines.forEach((one, at) => one.classList.toggle("old", at < own && !one.classList.contains("me")));
}

// Follow the talk: to its end, or where that would hide it to the beginning of what came last. Who reads higher up is
// left in peace.
let stick = true, start = null, latest = -9999, last = "", frame = 0;
function settle() {
  if (!stick) return;
  cancelAnimationFrame(frame);
  frame = requestAnimationFrame(() => calmly.scroll(() => {
    const tall = start && log.scrollHeight - start.offsetTop > log.clientHeight;
    return { top: tall ? start.offsetTop - 12 : log.scrollHeight, behavior: ready && !calm.matches ? "smooth" : "instant" };
  }));
}
for (const moved of ["wheel", "touchmove", "keydown", "pointerdown"]) {
  log.addEventListener(moved, () => setTimeout(() => { stick = log.scrollHeight - log.scrollTop - log.clientHeight < 120; }, 250), { passive: true });
}

const dots = make("div", "dots", make("i"), make("i"), make("i"));
dots.setAttribute("aria-hidden", "true");

function wait(yes) {
  clearTimeout(slow);
  clearTimeout(hopeless);
  awaited = yes;
  if (!yes || held) { dots.remove(); if (!state.dataset.lost) state.replaceChildren(); }
  if (yes && held) say(words.handed); // nobody is "just writing" when a coordinator has the talk
  if (!yes || held) return;
  log.append(dots);
  settle();
  slow = setTimeout(() => say(words.waiting), 1500);
  hopeless = setTimeout(() => wait(false), 25000);
}

function ownWords(said) {
  if (said.text) return said;
  const label = labels.get(said.tap);
  if (said.value) return { ...said, text: [[spoken(said.value), null]] };
  return said.thing ? said : label ? { ...said, text: label } : null;
}

function spoken(value) {
  const [day, clock] = value.includes("-") ? value.split("T") : ["", value];
  const date = day ? new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "long", timeZone: "UTC" }).format(new Date(`${day}T00:00Z`)) : "";
  return [date, clock].filter(Boolean).join(" ");
}

function arrived(said) {
  if (seen.has(said.id)) return;
  seen.add(said.id);
  if (said.who !== "me") { wait(false); show(said, said.id); return; }
  const mine = ownWords(said);
  if (!mine) return;
  const waitingFor = pending.findIndex((one) => one.same === (said.tap ? `${said.tap} ${said.value || ""}` : clean(bare(said.text || []))));
  if (waitingFor >= 0) { pending.splice(waitingFor, 1)[0].node.dataset.id = said.id; return; }
  show(mine, said.id);
}

async function post(body, node) {
  node.classList.remove("failed");
  node.querySelector(".again")?.remove();
  let status = 0;
  try {
    const answer = await fetch(`${base}/say`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
    status = answer.status;
  } catch { /* no connection: offered again below */ }
  if (status === 202) { wait(true); return; }
  if (status === 403) { gone(); return; }
  node.classList.add("failed");
  const again = make("button", "", text(pieces(words.again)));
  again.type = "button";
  again.addEventListener("click", () => { void post(body, node); });
  const why = status === 429 ? words.too_fast : status === 422 ? words.too_long.replace("#", about.at_most) : words.not_sent;
  node.append(make("p", "again", text(pieces(why)), " ", again));
  settle();
  say(why);
}

function send(heard, shown, same) {
  const node = show({ who: "me", text: shown, at: new Date().toISOString() }, "");
  pending.push({ node, same });
  void post({ key: key(), ...heard }, node);
}

const acts = {
  tap: (tap, label) => send({ tap }, label, `${tap} `),
  pick: (tap, value) => { if (value) send({ tap, value }, [[spoken(value), null]], `${tap} ${value}`); },
};

function gone() {
  stream.close();
  const again = make("a", "button main wide", text(pieces(words.restart)));
  again.href = "/chat";
  const sheet = make("section", "gone", make("h2", "", text(pieces(words.gone))), make("p", "", text(pieces(words.gone_why))), again);
  sheet.tabIndex = -1;
  log.replaceChildren(sheet);
  document.querySelector(".foot").hidden = true;
  state.replaceChildren();
  sheet.focus();
}

// ---- what the person does
write.addEventListener("submit", (event) => {
  event.preventDefault();
  const said = area.value;
  if (!said.trim()) { area.focus(); return; }
  area.value = "";
  grow();
  keep();
  send({ text: said }, [[said, null]], clean(said));
});
area.addEventListener("keydown", (event) => {
  // Enter belongs to the writer: a new line, and to the input method. Ctrl+Enter sends.
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.isComposing) write.requestSubmit();
});
function grow() {
  area.style.height = "auto";
  area.style.height = `${Math.min(area.scrollHeight + 4, window.innerHeight * 0.4)}px`;
  const rest = about.at_most - area.value.length;
  left.replaceChildren(...(rest < 500 ? [text(pieces(words.left_signs.replace("#", rest)))] : []));
}
const draft = `draft ${base}`;
function keep() { try { sessionStorage.setItem(draft, area.value); } catch { /* a draft is a comfort, not a promise */ } }
area.addEventListener("input", () => { grow(); keep(); });
try { area.value = sessionStorage.getItem(draft) || ""; grow(); } catch { /* as above */ }

for (const one of document.querySelectorAll("[data-tap]")) {
  one.addEventListener("click", () => acts.tap(one.dataset.tap, labels.get(one.dataset.tap)));
}

const root = document.documentElement;
document.getElementById("size").addEventListener("click", () => {
  root.dataset.size = String((Number(root.dataset.size) + 1) % 3);
  try { localStorage.setItem("size", root.dataset.size); } catch { /* then for this page only */ }
  say(`${words.size}: ${words[`size_${root.dataset.size}`]}`);
});

document.getElementById("print").addEventListener("click", () => window.print());

document.getElementById("leave").addEventListener("submit", (event) => {
  event.preventDefault();
  log.replaceChildren();
  stream.close();
  try { sessionStorage.clear(); } catch { /* nothing was kept then */ }
  void fetch(`${base}/leave`, { method: "POST", keepalive: true, redirect: "manual" }).catch(() => undefined);
  location.replace(about.leave);
});
document.addEventListener("visibilitychange", () => { if (!document.hidden && stream.readyState === EventSource.CLOSED && !log.querySelector(".gone")) location.reload(); });

// ---- what comes
log.setAttribute("aria-live", "off"); // the past is not news
const stream = new EventSource(`${base}/events?language=${about.language}`);
let lost = 0;
stream.addEventListener("line", (event) => arrived(JSON.parse(event.data)));
stream.addEventListener("ready", () => {
  requestAnimationFrame(() => requestAnimationFrame(() => { ready = true; }));
  requestAnimationFrame(() => log.setAttribute("aria-live", "polite"));
  settle();
});
stream.addEventListener("held", (event) => {
  const before = held;
  held = JSON.parse(event.data);
  document.querySelector(".always").hidden = held; // they are the bot's, and would send the coordinator away
  if (held !== before) wait(held && awaited);
});
stream.addEventListener("gone", gone);
stream.addEventListener("language", () => location.reload()); // the page itself speaks the new one, too
stream.addEventListener("open", () => { clearTimeout(lost); if (state.dataset.lost) { delete state.dataset.lost; say(words.line_back); } });
stream.addEventListener("error", () => {
  clearTimeout(lost);
  lost = setTimeout(() => { state.dataset.lost = "yes"; say(words.line_lost); }, 2000);
  if (stream.readyState === EventSource.CLOSED && seen.size) setTimeout(() => location.reload(), 5000);
});
