// Keeps what is being written, and sends each thing once. Everything works without it, too.
"use strict";

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
    let kept = JSON.parse(sessionStorage.getItem(place) || "null");
    if (kept && kept.key === form.dataset.spent) { // these very words were left to the clock
      sessionStorage.removeItem(place);
      kept = null;
    }
    if (text.value) sessionStorage.setItem(place, JSON.stringify({ text: text.value, key: key.value }));
    else if (kept) {
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

// When the reply can no longer be sent, what was written stays to be read and copied; of a forgotten person nothing stays.
function showKept() {
  const box = document.getElementById("kept");
  if (!box) return "";
  const place = "draft/" + box.dataset.draft;
  if ("gone" in box.dataset) sessionStorage.removeItem(place);
  const { text = "" } = JSON.parse(sessionStorage.getItem(place) || "{}");
  if (text) { box.querySelector("textarea").value = text; box.hidden = false; }
  return text;
}

function sent(form) {
  sessionStorage.removeItem("draft/" + form.dataset.draft);
  form.elements.text.value = "";
  form.elements.key.value = newKey();
  delete form.dataset.tried;
}

// A fold that has done its work closes; whoever was in it stands before it.
function fold(done) {
  if (!done) return;
  const inside = done.contains(document.activeElement);
  done.open = false;
  if (inside) done.querySelector("summary").focus();
}

// -- sending --------------------------------------------------------------------------------------------------------
let sending = false;
let mine = Boolean(document.getElementById("reply-form")), followed = false;
const posts = (ctx) => ctx.request.method === "POST";

// A button with an address of its own brings a whole page: what it fills in, or leaves to the clock, is the server's.
document.addEventListener("submit", (event) => {
  if (event.submitter?.hasAttribute("formaction")) event.stopPropagation();
}, true);

// The second half of a double click would hit whatever stands there by then.
document.addEventListener("click", (event) => {
  if (event.detail > 1 && event.target.closest("form button")) event.preventDefault();
}, true);

document.addEventListener("htmx:before:request", (event) => {
  const { ctx } = event.detail;
  if (!document.hidden) ctx.request.headers["X-Looked-At"] = "yes"; // a tab in the back renews itself, too
  if (!posts(ctx)) return;
  sending = true;
  ctx.sourceElement.dataset.tried = "yes";
  ctx.sourceElement.querySelector("button").setAttribute("aria-disabled", "true");
});

// A page without the live part (an error, a sign-in form) must not wipe what is on the screen.
document.addEventListener("htmx:before:swap", (event) => {
  const { ctx } = event.detail;
  if (ctx.text.includes('id="live"')) {
    const area = $("reply-text"), at = area?.getBoundingClientRect();
    followed = Boolean(area) && document.activeElement === area && at.bottom > 0 && at.top < innerHeight;
    return;
  }
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
    if (ctx.response.raw.ok) fold(ctx.sourceElement.closest("details"));
    liftFlash();
    if (document.activeElement === document.body) ($("reply-text") || $("main")).focus({ preventScroll: true });
    followed = document.activeElement === $("reply-text");
  }
  keepDrafts();
  const kept = showKept();
  if (mine && !$("reply-form") && !posts(ctx)) {
    $("say").replaceChildren(); // "you have it now" is over
    if ($("main").dataset.held === "nobody") say("say", kept ? $("say").dataset.backKept : $("say").dataset.back);
  }
  mine = Boolean($("reply-form"));
  // Where the page scrolls as a whole, new lines above would push away the box that one is writing in.
  if (followed) $("reply-form")?.scrollIntoView({ block: "nearest" });
});

document.addEventListener("htmx:finally:request", (event) => {
  const { ctx } = event.detail;
  if (!posts(ctx)) return;
  ctx.sourceElement.querySelector("button").removeAttribute("aria-disabled");
  setTimeout(() => { sending = false; }, 1500);
});

keepDrafts();
showKept();
