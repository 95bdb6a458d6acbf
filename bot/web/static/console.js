// Keeps the console fresh, keeps what is being written, and sends each thing once. Everything works without it, too.
"use strict";

const $ = (id) => document.getElementById(id);
const live = () => $("live");

// -- what the page says ---------------------------------------------------------------------------------------------
let hush = 0;
function say(place, content, seconds) {
  if (typeof content === "string") {
    const words = document.createElement("p");
    words.className = place === "warn" ? "notice alert" : "notice";
    words.textContent = content;
    content = words;
  }
  $(place).replaceChildren(content);
  clearTimeout(hush);
  if (seconds) hush = setTimeout(() => $(place).replaceChildren(), seconds * 1000);
}

// What an answer said stands above the live part, where the next refresh cannot take it away.
function liftFlash() {
  const flash = live().querySelector(".flash");
  if (flash) say(flash.dataset.to, flash, flash.dataset.to === "say" ? 10 : 0);
}

// -- freshness ------------------------------------------------------------------------------------------------------
let waiting = 0;
function refresh() {
  clearTimeout(waiting);
  waiting = setTimeout(() => htmx.trigger(live(), "refresh"), 80);
}

let cursor = live().dataset.cursor;
function listen() {
  const source = new EventSource("/console/live?after=" + cursor);
  source.addEventListener("hello", () => {
    if (!$("lost").hidden) refresh();
    $("lost").hidden = true;
  });
  source.addEventListener("change", (event) => {
    cursor = event.lastEventId;
    const change = JSON.parse(event.data);
    const here = String(change.case) === live().dataset.case;
    if (change.kind === "opened") say("say", $("say").dataset.fresh, 10);
    else if (change.kind === "said" && here && !sending) say("say", $("say").dataset.said, 10);
    refresh();
  });
  source.addEventListener("out", () => location.reload());
  source.addEventListener("error", () => {
    $("lost").hidden = false;
    if (source.readyState !== EventSource.CLOSED) return; // the browser tries again by itself, from the last event on
    setTimeout(listen, 1000 + Math.random() * 4000);
    refresh(); // shows the sign-in page when that is why
  });
}
setInterval(refresh, 60000); // "5 minutes" becomes "6 minutes"

// -- drafts and keys ------------------------------------------------------------------------------------------------
function newKey() {
  const b = crypto.getRandomValues(new Uint8Array(16));
  b[6] = (b[6] & 15) | 64;
  b[8] = (b[8] & 63) | 128;
  const hex = [...b].map((n) => n.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

function keepDrafts() {
  for (const form of document.querySelectorAll("form[data-draft]:not([data-kept])")) {
    const place = "draft/" + form.dataset.draft;
    const { text, key } = form.elements;
    form.dataset.kept = "";
    const kept = JSON.parse(sessionStorage.getItem(place) || "null");
    if (kept && !text.value) {
      text.value = kept.text;
      key.value = kept.key; // the same words under the same key are one message, even after a reload
    }
    text.addEventListener("input", () => {
      if (form.dataset.tried) key.value = newKey(); // other words are another message
      delete form.dataset.tried;
      if (text.value) sessionStorage.setItem(place, JSON.stringify({ text: text.value, key: key.value }));
      else sessionStorage.removeItem(place);
    });
    text.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
    });
  }
}

function sent(form) {
  sessionStorage.removeItem("draft/" + form.dataset.draft);
  form.elements.text.value = "";
  form.elements.key.value = newKey();
  delete form.dataset.tried;
}

// -- sending --------------------------------------------------------------------------------------------------------
let sending = false;
const posts = (ctx) => ctx.request.method === "POST";

document.addEventListener("htmx:before:request", (event) => {
  const { ctx } = event.detail;
  if (!posts(ctx)) return;
  sending = true;
  ctx.sourceElement.dataset.tried = "yes";
  ctx.sourceElement.querySelector("button").setAttribute("aria-disabled", "true");
});

// A page without the live part (an error, a sign-in form) must not wipe what is on the screen.
document.addEventListener("htmx:before:swap", (event) => {
  const { ctx } = event.detail;
  if (ctx.text.includes('id="live"')) return;
  event.preventDefault();
  if (posts(ctx)) say("warn", $("warn").dataset.unsent);
});

document.addEventListener("htmx:error", (event) => {
  if (posts(event.detail.ctx)) say("warn", $("warn").dataset.unsent);
});

document.addEventListener("htmx:after:swap", (event) => {
  const { ctx } = event.detail;
  if (posts(ctx)) {
    $("warn").replaceChildren();
    if (ctx.response.raw.ok && ctx.sourceElement.dataset.draft) sent(ctx.sourceElement);
    liftFlash();
    if (document.activeElement === document.body) ($("reply-text") || $("main")).focus({ preventScroll: true });
  }
  keepDrafts();
  toNewest();
});

document.addEventListener("htmx:finally:request", (event) => {
  const { ctx } = event.detail;
  if (!posts(ctx)) return;
  ctx.sourceElement.querySelector("button").removeAttribute("aria-disabled");
  setTimeout(() => { sending = false; }, 1500);
});

// -- the talk stays at its newest line unless one reads further up ---------------------------------------------------
let atEnd = true;
function toNewest() {
  const lines = $("lines");
  if (!lines) return;
  if (atEnd) lines.scrollTop = lines.scrollHeight;
  lines.onscroll = () => { atEnd = lines.scrollHeight - lines.scrollTop - lines.clientHeight < 80; };
}

// A page that the browser took out of its memory may belong to somebody who has signed out since.
addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
keepDrafts();
toNewest();
listen();
