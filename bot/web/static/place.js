// Keeps the focus where one was: when the page renews itself, when a form brings it anew, and when something closes.
"use strict";

(() => {
  const KEPT = "place", SOON = 20000;
  const FIELDS = "textarea, select, input:not([type=hidden])";
  const desk = () => location.pathname.match(/^\/console(\/cases\/\d+)?/)?.[0];
  const seen = (one) => Boolean(one?.checkVisibility()); // what a closed fold holds has a box, but is not there
  const nowhere = () => document.activeElement === document.body || !seen(document.activeElement);

  function stand(one) {
    const inside = one.matches("form") ? [...one.querySelectorAll(FIELDS + ", button")].find(seen) : one.querySelector("summary");
    const on = (one.matches("form, details") && inside) || one;
    if (on === one && !one.hasAttribute("tabindex")) one.tabIndex = -1;
    on.focus();
    on.scrollIntoView({ block: "nearest" });
    if (on.matches("textarea")) on.setSelectionRange(on.value.length, on.value.length);
  }

  // -- a form that brings the whole page anew: back to where it stood, or to the nearest that is still there ------------
  // A form that htmx sends does so too when it is pressed before htmx is at work; what htmx does send brings no new page.
  addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.closest("#live")) return;
    const ids = [];
    for (let one = form; one && form.role !== "search"; one = one.parentElement?.closest("[id]")) if (one.id) ids.push(one.id);
    sessionStorage.setItem(KEPT, JSON.stringify({ desk: desk(), ids, at: Date.now() }));
  }, true);

  document.addEventListener("htmx:before:request", ({ detail }) => {
    if (detail.ctx.request.method === "POST") sessionStorage.removeItem(KEPT);
  });

  const kept = JSON.parse(sessionStorage.getItem(KEPT) || "null");
  sessionStorage.removeItem(KEPT);
  if (kept && !document.querySelector("[autofocus]") && Date.now() - kept.at < SOON && nowhere()) {
    const ids = kept.desk === desk() ? kept.ids : []; // another page is read from its beginning
    const places = ids.filter((id) => id !== "live" && id !== "main").concat(kept.desk === desk() ? "reply-text" : [], "main");
    stand(places.map((id) => document.getElementById(id)).find(seen));
  }

  // -- the page renews itself: a line of the list, or a button, may be gone ---------------------------------------------
  const rows = () => [...document.querySelectorAll(".list .cases > li > a")].filter(seen);
  let had = false, line = -1;
  document.addEventListener("htmx:before:swap", () => {
    had = document.activeElement !== document.body;
    line = rows().findIndex((row) => row.parentElement.contains(document.activeElement));
  });
  document.addEventListener("htmx:after:swap", () => {
    if (!had || !nowhere()) return;
    const all = rows();
    if (line >= 0 && all.length) all[Math.min(line, all.length - 1)].focus();
    else document.getElementById("main").focus({ preventScroll: true });
  });

  // -- out of what one is in: a card closes, a field is left, and the letters work again ---------------------------------
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.isComposing || document.querySelector("dialog[open]")) return;
    const card = event.target.closest?.("details[name=deeds][open]");
    if (card) {
      card.open = false;
      card.querySelector("summary").focus();
    } else if (event.target.matches?.(FIELDS)) document.getElementById("main").focus({ preventScroll: true });
  });

  // Choices that lie beside each other are also gone through by arrows.
  const ARROWS = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };
  document.addEventListener("keydown", (event) => {
    const by = ARROWS[event.key], among = event.target.matches?.("button") && event.target.closest(".choices, .waits form");
    if (!by || !among) return;
    const all = [...among.querySelectorAll("button")].filter(seen);
    event.preventDefault();
    all[(all.indexOf(event.target) + by + all.length) % all.length].focus();
  });
})();
