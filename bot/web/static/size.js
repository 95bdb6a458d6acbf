// The size of the letters, kept on this device; runs before the page is drawn, so that nothing jumps.
"use strict";
(() => {
  const root = document.documentElement;
  root.classList.add("script");
  let size = "0";
  try { size = localStorage.getItem("size") || "0"; } catch { /* a browser that keeps nothing shows the usual size */ }
  root.dataset.size = ["0", "1", "2"].includes(size) ? size : "0";
})();
