// Keeps the console fresh and says what changed. Everything works without it, too.
"use strict";

const $ = (id) => document.getElementById(id);
const live = () => $("live");

// -- what the page says ---------------------------------------------------------------------------------------------
const hush = {};
function say(place, content, seconds) {
  if (typeof content === "string") {
    const words = document.createElement("p");
    words.className = place === "warn" ? "notice alert" : "notice";
    words.textContent = content;
    content = words;
  }
  $(place).replaceChildren(content);
  clearTimeout(hush[place]);
  if (seconds) hush[place] = setTimeout(() => $(place).replaceChildren(), seconds * 1000);
}

// What an answer said stands above the live part, where the next refresh cannot take it away.
function liftFlash() {
  const flash = live().querySelector(".flash");
  if (flash) say(flash.dataset.to, flash, flash.dataset.to === "say" ? 10 : 0);
}

// -- freshness ------------------------------------------------------------------------------------------------------
// While the answer to a press is on its way the page renews itself by that answer alone: another would take the pressed
// button away first, and the focus with it.
let answers = 0;
for (const [when, step] of [["before", 1], ["finally", -1]]) {
  document.addEventListener(`htmx:${when}:request`, ({ detail }) => { if (posts(detail.ctx)) answers += step; });
}

let waiting = 0;
function refresh() {
  clearTimeout(waiting);
  waiting = setTimeout(() => (answers ? refresh() : htmx.trigger(live(), "refresh")), 80);
}

// Whoever is on their way to another page must not be called back to this one, which may be gone for them by then.
let leaving = false;
addEventListener("submit", (event) => { leaving ||= !event.defaultPrevented && !event.target.hasAttribute("hx-post"); });
addEventListener("pageshow", () => { leaving = false; });

let cursor = live().dataset.cursor;
let source, lastSign;
function listen() {
  source?.close();
  source = new EventSource("/console/live?after=" + cursor);
  lastSign = Date.now();
  source.addEventListener("hello", () => {
    lastSign = Date.now();
    if (!$("lost").hidden) refresh();
    $("lost").hidden = true;
  });
  source.addEventListener("change", (event) => {
    lastSign = Date.now();
    cursor = event.lastEventId;
    const change = JSON.parse(event.data);
    const here = String(change.case) === live().dataset.case;
    if (change.kind === "opened") say("say", $("say").dataset.fresh, 10);
    else if (change.kind === "said" && here && !sending) say("say", $("say").dataset.said, 10);
    refresh();
  });
  source.addEventListener("beat", () => { lastSign = Date.now(); });
  source.addEventListener("out", () => { if (!leaving) location.reload(); });
  source.addEventListener("error", () => {
    $("lost").hidden = false;
    if (source.readyState !== EventSource.CLOSED) return; // the browser tries again by itself, from the last event on
    setTimeout(listen, 1000 + Math.random() * 4000);
    refresh(); // shows the sign-in page when that is why
  });
}
// A line that died without a word (a laptop that slept, a tunnel) is noticed by the beats that do not come.
setInterval(() => {
  if (Date.now() - lastSign < 40000) return;
  $("lost").hidden = false;
  listen();
}, 5000);
setInterval(refresh, 60000); // "5 minutes" becomes "6 minutes"

// -- the talk stays at its newest line unless one reads further up ---------------------------------------------------
let atEnd = true;
function toNewest() {
  const lines = $("lines");
  if (!lines) return;
  if (atEnd) lines.scrollTop = lines.scrollHeight;
  lines.onscroll = () => { atEnd = lines.scrollHeight - lines.scrollTop - lines.clientHeight < 80; };
}

document.addEventListener("htmx:after:swap", toNewest);
// A picture that arrives pushes the newest line down.
document.addEventListener("load", (event) => { if (event.target.closest?.("#lines")) toNewest(); }, true);

// A page that the browser took out of its memory may belong to somebody who has signed out since.
addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
liftFlash();
toNewest();
listen();
