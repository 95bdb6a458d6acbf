// Keeps a hasty second tap from answering the next question: offers rest after a tap, and until what is new stands still.
const AFTER_TAP = 600, STILL = 400, OWN_SCROLL = 1500;

// `log` is what scrolls, `offers` a selector of what answers. Offers inside the log also rest while it moves; a keyboard
// does not slip, so for it only the time after a tap counts. Returns moved() and scroll(how).
export function still(log, offers) {
  const root = document.documentElement, now = () => performance.now();
  let busy = 0, moving = 0, own = 0, down = false, later = null, timer = 0;

  function mark() {
    const rest = Math.max(busy, moving) - now();
    root.classList.toggle("tapped", now() < busy);
    log.classList.toggle("moving", now() < moving);
    clearTimeout(timer);
    if (rest > 0) timer = setTimeout(mark, Math.min(rest, busy > now() ? busy - now() : rest) + 1);
  }
  function moved() { moving = now() + STILL; mark(); }

  function go(how) { own = now() + OWN_SCROLL; log.scrollTo(how()); }
  function free() {
    down = false;
    const how = later;
    later = null;
    if (how) setTimeout(() => { if (!down) go(how); }); // the click of this very finger comes first
  }
  // Where to is asked when it scrolls: never under a finger, which would then lift from something else.
  function scroll(how) { if (down) later = how; else go(how); }

  log.addEventListener("scroll", () => { if (now() < own) moved(); }, { passive: true });
  log.addEventListener("pointerdown", () => { down = true; }, { passive: true });
  for (const end of ["pointerup", "pointercancel"]) addEventListener(end, free, { passive: true });
  document.addEventListener("click", (event) => {
    const offer = event.target.closest(offers);
    if (!offer) return;
    const slipped = event.detail > 0 && now() < moving && log.contains(offer);
    if (now() < busy || slipped) { event.preventDefault(); event.stopImmediatePropagation(); return; }
    busy = now() + AFTER_TAP;
    setTimeout(mark); // the class takes the pointer away, which must not happen to the tap that is still on its way
  }, true);
  return { moved, scroll };
}
