// The queue by single keys, without a mouse. They rest while somebody writes, and can be switched off.
"use strict";

(() => {
  const OFF = "keys-off";
  const dialog = document.getElementById("keys"), open = document.getElementById("keys-open");
  const on = document.getElementById("keys-on");
  const works = () => !document.cookie.split("; ").includes(OFF + "=1");

  // -- the list ------------------------------------------------------------------------------------------------------
  const rows = () => [...document.querySelectorAll(".list .cases > li > a")].filter((row) => row.getClientRects().length);
  const ticked = new Set();
  function step(by) {
    const all = rows();
    if (!all.length) return;
    const at = all.findIndex((row) => row.parentElement.contains(document.activeElement));
    const from = at < 0 ? all.findIndex((row) => row.hasAttribute("aria-current")) : at;
    const to = all[Math.max(0, Math.min(all.length - 1, from < 0 ? 0 : from + by))];
    to.focus();
    to.scrollIntoView({ block: "nearest" });
  }
  const here = () => rows().find((row) => row.parentElement.contains(document.activeElement));

  function tick() {
    const box = here()?.parentElement.querySelector(".tick input");
    if (!box) return;
    document.getElementById("bulk-fold").open = true;
    box.click();
  }

  // A list that renews itself keeps what was ticked.
  document.addEventListener("change", (event) => {
    const box = event.target;
    if (box.name === "case" && box.form?.id === "bulk-form") ticked[box.checked ? "add" : "delete"](box.value);
    if (box.id === "bulk-deed") chosen();
  });
  function chosen() {
    const form = document.getElementById("bulk-form");
    if (form) form.dataset.deed = form.elements.deed.value;
  }
  document.addEventListener("htmx:after:swap", () => {
    for (const box of document.querySelectorAll(".tick input")) box.checked = ticked.has(box.value);
    chosen();
  });

  // -- the keys ------------------------------------------------------------------------------------------------------
  function press(selector) {
    const button = document.querySelector(selector);
    if (button?.checkVisibility()) button.click();
  }
  function into(selector) {
    const one = document.querySelector(selector);
    if (!one) return;
    for (let fold = one.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
    if (!one.getClientRects().length) return;
    one.focus();
    one.scrollIntoView({ block: "nearest" });
  }
  const does = {
    j: () => step(1),
    k: () => step(-1),
    o: () => (here() || (document.querySelector("main.list") && rows()[0]))?.click(), // what stands first breaks first
    c: () => press("#deed-claim button"),
    r: () => into("#reply-text"),
    n: () => into("#note-text"),
    w: () => into("#deed-wait button"),
    p: () => into("#pass-to"),
    a: () => into("#day-0"),
    t: () => into("#sort-topic"),
    h: () => into("#earlier a"),
    E: () => (document.querySelector(".deeds .sure #deed-close") ? into("#deed-close button") : press("#deed-close button")),
    u: () => press(".held-back button"),
    x: tick,
    b: () => into("#bulk-deed"),
    "/": () => document.getElementById("search-text")?.focus(),
    "?": help,
  };
  function help() {
    on.checked = works();
    dialog.showModal();
  }

  const WRITES = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]";
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229 || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.repeat && !"jk".includes(event.key)) return;
    if (dialog.open || event.target.closest?.(WRITES) || !works()) return;
    const act = does[event.key];
    if (!act || (event.key === "E" && !event.shiftKey)) return; // a locked Shift must not end a case
    event.preventDefault();
    act();
  });

  // Enter ends a choice as it ends a line of text.
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.id === "bulk-deed") event.target.form.requestSubmit();
  });

  // A slash alone in the reply asks for ready words.
  for (const kind of ["input", "compositionend"]) {
    document.addEventListener(kind, (event) => {
      const area = event.target;
      if (area.id !== "reply-text" || event.isComposing || !works() || !["/", "/"].includes(area.value)) return;
      area.value = "";
      area.dispatchEvent(new Event("input"));
      into("#ready button");
    });
  }

  on.addEventListener("change", () => {
    document.cookie = `${OFF}=${on.checked ? "" : "1"}; path=/; max-age=${on.checked ? 0 : 31536000}; samesite=lax`;
  });
  document.addEventListener("click", (event) => { if (event.target.closest("#keys-open")) help(); });
  open.hidden = false;
  chosen();
})();
