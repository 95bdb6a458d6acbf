// Counts down the seconds in which something can still be taken back. The server decides; this only shows it.
"use strict";
(() => {
  const skew = {};
  function left(one) {
    const due = one.dataset.due;
    // By how long is left on the page as the server drew it, not by this computer's clock, which may be wrong.
    skew[due] ??= Date.now() + Number(one.dataset.left ?? (Date.parse(due) - Date.now()) / 1000) * 1000;
    return Math.ceil((skew[due] - Date.now()) / 1000);
  }
  function count() {
    for (const one of document.querySelectorAll("[data-due]")) {
      const seconds = left(one);
      const said = seconds > 0 ? String(seconds) : "";
      if (one.textContent !== said) one.textContent = said;
      if (seconds <= 0) one.closest("form")?.setAttribute("data-over", "");
    }
  }
  setInterval(count, 250);
  document.addEventListener("htmx:after:swap", count);
  count();
})();
