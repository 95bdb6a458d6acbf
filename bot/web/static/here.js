// Somebody who types, touches or turns the wheel is at the desk; after a while without anybody the page closes itself.
"use strict";

let signed = Date.now();
for (const sign of ["keydown", "pointerdown", "wheel"]) {
  addEventListener(sign, () => {
    if (Date.now() - signed < 60000) return;
    signed = Date.now();
    fetch("/me/here", { method: "POST" }).catch(() => {});
  }, { passive: true, capture: true });
}
