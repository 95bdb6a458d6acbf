// The demo's phone: which look, whose hand, what the screen shows and what the thumb does.
import { sheets } from "./phone-sheet.js";
import { day, make, press, time } from "./phone-parts.js";
import { still } from "./still.js";
import * as lineLook from "./phone-line.js";
import * as telegramLook from "./phone-telegram.js";

const people = JSON.parse(document.getElementById("about").textContent);
const by = (id) => document.getElementById(id);
const screen = by("screen"), log = by("log"), quick = by("quick"), area = by("words"), say = by("say"), web = by("web");
const looks = { line: lineLook, telegram: telegramLook };
const hands = {};
for (const one of people) hands[one.channel] ??= one;
let look = "line", stream = null, faces = new Map(), shownDay = "", menuAsLeft = () => {};
let start = null, latest = -9999, last = ""; // where what came last begins, when it came and from whom
const calm = matchMedia("(prefers-reduced-motion: reduce)");
const sheet = sheets(by, screen);
const calmly = still(log, "#log :is(.fx-button, .fx-tap, .key, .begin), #quick button");

const address = (deed) => `/demo/phone/${look}/${encodeURIComponent(hands[look].user)}/${deed}`;

async function act(deed, told = {}) {
  say.textContent = "";
  closeAll();
  latest = -9999; // what comes now answers this
  try {
    const answer = await fetch(address(deed), { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(told) });
    if (answer.status === 409) say.textContent = "いまは送れません。ブロックしているときは、右上の「⋮」から解除できます。";
    else if (!answer.ok) say.textContent = "ボットに届きませんでした。";
  } catch { say.textContent = "つながりません。端末の make demo を確かめてください。"; }
}

const acts = {
  say: (text) => act("say", { text }),
  send: (kind) => act("send", { kind }),
  touch: (data, shown) => act("menu", { data, shown }),
  tap: (face, data) => act("tap", { id: face.id, data }),
  pick: (action) => sheet.pick(action, (value) => act("pick", { data: action.data, value })),
  open: (url) => sheet.open(url),
  ownMenu(face) {
    const list = make("div", "pop", press("送信取消", "", () => act("unsend", { id: face.id })));
    list.hidden = true;
    const dots = press("⋯", "dots-menu", () => toggle(dots, list));
    dots.setAttribute("aria-label", "自分のメッセージのメニュー");
    dots.setAttribute("aria-expanded", "false");
    return make("div", "own-menu", dots, list);
  },
};

// ---- the screen
function draw(face) {
  const node = looks[look].line(face, acts);
  node.dataset.id = face.id;
  if (face.from === "person" && look === "line" && !face.withdrawn) hold(node);
  const old = log.querySelector(`[data-id="${CSS.escape(face.id)}"]`);
  if (old) { if (start === old) start = node; old.replaceWith(node); return; }
  const today = day(face.at);
  if (today !== shownDay) log.append(make("div", "row note day", make("p", "", today)));
  shownDay = today;
  log.append(node);
  if (face.from === "person" || last === "person" || performance.now() - latest > 1500) start = node;
  last = face.from;
  latest = performance.now();
}

// A long press on one's own words opens their menu, as on a phone; the small dots do the same for a keyboard.
function hold(node) {
  let timer = 0;
  const open = () => node.querySelector(".dots-menu")?.click();
  node.addEventListener("pointerdown", (event) => { if (event.target.closest(".bubble")) timer = setTimeout(open, 550); });
  for (const end of ["pointerup", "pointerleave", "pointercancel"]) node.addEventListener(end, () => clearTimeout(timer));
  node.addEventListener("contextmenu", (event) => { if (event.target.closest(".bubble")) { event.preventDefault(); open(); } });
}

function show(news, whole) {
  if (whole) { faces = new Map(); shownDay = ""; log.replaceChildren(); }
  const fresh = news.some((face) => !faces.has(face.id)); // that words were read moves nothing
  for (const face of news) { faces.set(face.id, face); draw(face); }
  const all = [...faces.values()];
  const offers = [...all].reverse().find((face) => face.quick.length);
  quick.replaceChildren(...(offers ? looks[look].quick(offers, acts) : []));
  if (!all.length) log.replaceChildren(welcome());
  else log.querySelector(".welcome")?.remove();
  menuAsLeft();
  if (whole || news.some((face) => face.from === "bot")) typing(false);
  if (fresh) calmly.moved();
  if (fresh || whole) scroll(whole);
}

// To the end of the talk, or where that would hide it to the beginning of what came last.
function scroll(at_once) {
  calmly.scroll(() => {
    const tall = start?.isConnected && log.scrollHeight - start.offsetTop > log.clientHeight;
    return { top: tall && !at_once ? start.offsetTop - 8 : log.scrollHeight, behavior: at_once || calm.matches ? "instant" : "smooth" };
  });
}

function welcome() {
  const label = look === "line" ? "友だちに追加" : "開始(START)";
  return make("div", "welcome", make("span", "avatar huge"), make("p", "", look === "line" ? "「なこうど」を友だちに追加して、はじめます。" : "ボットの「なこうど」と話をはじめます。"), press(label, "begin", () => act("follow")));
}

function typing(yes) {
  log.querySelector(".typing")?.remove();
  if (!yes) return;
  const dots = make("div", "row typing", make("div", "column", make("div", "bubble", make("i"), make("i"), make("i"))));
  dots.setAttribute("aria-label", "返事を書いています");
  log.append(dots);
  calmly.scroll(() => ({ top: log.scrollHeight }));
}

function listen() {
  stream?.close();
  by("rich").replaceChildren();
  menuAsLeft = () => {};
  log.setAttribute("aria-live", "off");
  stream = new EventSource(address("events"));
  stream.addEventListener("whole", (event) => { show(JSON.parse(event.data), true); requestAnimationFrame(() => log.setAttribute("aria-live", "polite")); });
  stream.addEventListener("change", (event) => show(JSON.parse(event.data), false));
  stream.addEventListener("menu", (event) => { menuAsLeft = lineLook.menu(by("rich"), JSON.parse(event.data), acts); });
  stream.addEventListener("busy", (event) => typing(JSON.parse(event.data)));
}

// ---- which look, whose hand
function choose(next) {
  look = next;
  for (const tab of document.querySelectorAll("[data-look]")) {
    const on = tab.dataset.look === look;
    tab.setAttribute("aria-selected", String(on));
    tab.tabIndex = on ? 0 : -1;
  }
  const onWeb = look === "web";
  screen.hidden = onWeb;
  web.hidden = !onWeb;
  screen.className = `screen ${look}`;
  screen.setAttribute("aria-labelledby", `tab-${look}`);
  sheet.shut();
  closeAll();
  if (onWeb) { stream?.close(); if (!web.src) web.src = "/chat"; } else if (hands[look]) listen();
  persons();
  try { sessionStorage.setItem("look", look); } catch { /* then it starts with LINE */ }
}

function persons() {
  const here = people.filter((one) => one.channel === look);
  const buttons = here.map((one) => {
    const made = press(one.name.endsWith(")") ? one.name : `${one.name}さん`, "person", () => { hands[look] = one; choose(look); by("people").querySelector("[aria-pressed=true]")?.focus(); });
    made.setAttribute("aria-pressed", String(hands[look] === one));
    return made;
  });
  by("people").replaceChildren(...(look === "web" ? [make("p", "", "名前のない人として話します。")] : buttons));
}

for (const tab of document.querySelectorAll("[data-look]")) {
  tab.addEventListener("click", () => choose(tab.dataset.look));
  tab.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const tabs = [...document.querySelectorAll("[data-look]")];
    const next = tabs[(tabs.indexOf(tab) + step + tabs.length) % tabs.length];
    choose(next.dataset.look);
    next.focus();
  });
}

// ---- writing and menus
function toggle(button, list) {
  const opened = list.hidden;
  closeAll();
  list.hidden = !opened;
  button.setAttribute("aria-expanded", String(opened));
  if (opened) list.querySelector("button")?.focus();
}
function closeAll() {
  for (const list of document.querySelectorAll(".pop, .things")) list.hidden = true;
  for (const button of document.querySelectorAll("[aria-expanded=true]")) button.setAttribute("aria-expanded", "false");
}
by("more").addEventListener("click", () => toggle(by("more"), by("more-list")));
by("plus").addEventListener("click", () => toggle(by("plus"), by("things")));
document.addEventListener("keydown", (event) => { if (event.key === "Escape") { closeAll(); sheet.shut(); } });
for (const one of document.querySelectorAll("[data-deed]")) one.addEventListener("click", () => act(one.dataset.deed));
for (const one of document.querySelectorAll("[data-kind]")) one.addEventListener("click", () => acts.send(one.dataset.kind));

by("write").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = area.value;
  if (!text.trim()) { area.focus(); return; }
  area.value = "";
  grow();
  void acts.say(text);
});
area.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); by("write").requestSubmit(); }
});
function grow() {
  area.style.height = "auto";
  area.style.height = `${Math.min(area.scrollHeight, 110)}px`;
  by("write").classList.toggle("filled", Boolean(area.value));
}
area.addEventListener("input", grow);

for (const one of document.querySelectorAll("button[data-show]")) {
  one.addEventListener("click", () => {
    document.querySelector(".both").dataset.show = one.dataset.show;
    for (const each of document.querySelectorAll("button[data-show]")) each.setAttribute("aria-pressed", String(each === one));
  });
}
const hour = () => { by("hour").textContent = time(Date.now()); };
hour();
setInterval(hour, 10000);
let before = "line";
try { before = sessionStorage.getItem("look") || "line"; } catch { /* LINE then */ }
choose(["line", "telegram", "web"].includes(before) ? before : "line");
