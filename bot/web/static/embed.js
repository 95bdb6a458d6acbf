// A button on another site that opens the chat in a frame. Nothing is asked of us, and nothing kept, before it is pressed.
((words) => {
  "use strict";
  const base = new URL(document.currentScript.src).origin;
  const asked = document.currentScript.dataset.lang || document.documentElement.lang || "ja";
  const lang = words[asked] ? asked : words[asked.split("-")[0]] ? asked.split("-")[0] : "ja";
  const say = words[lang];
  const sheet = new CSSStyleSheet(); // a policy of the site against inline style does not reach it
  sheet.replaceSync(`
    :host { all: initial; }
    button, a { font: 600 1rem/1.4 system-ui, sans-serif; color: #0017c1; background: #fff; border: 2px solid #0017c1; border-radius: .6rem;
      padding: .6rem 1rem; min-height: 44px; box-sizing: border-box; cursor: pointer; text-decoration: none; display: inline-flex; align-items: center; }
    :focus-visible { outline: 4px solid #b78f00; outline-offset: 2px; }
    #open { position: fixed; inset: auto 1rem 1rem auto; z-index: 2147483000; color: #fff; background: #0017c1; max-width: calc(100vw - 2rem); }
    #panel { position: fixed; inset: auto 1rem 1rem auto; z-index: 2147483001; width: 26rem; height: min(44rem, calc(100dvh - 2rem));
      display: flex; flex-direction: column; background: #fff; border: 2px solid #0017c1; border-radius: .8rem; overflow: hidden; }
    #panel[hidden], #open[hidden] { display: none; }
    #top { display: flex; align-items: stretch; flex-wrap: wrap; gap: .4rem; justify-content: space-between; padding: .4rem; }
    #top > * { padding: .3rem .7rem; font-size: .9rem; }
    iframe { flex: 1; min-height: 0; width: 100%; border: 0; border-top: 1px solid #0017c1; }
    @media (max-width: 30rem), (max-height: 30rem) { #panel { inset: 0; width: auto; height: auto; border: 0; border-radius: 0; } }
    @media (forced-colors: active) { #open, #panel { border: 3px solid CanvasText; } }
    @media print { #open, #panel { display: none; } }`);

  const host = document.createElement("div");
  host.lang = lang === "ja-easy" ? "ja" : lang;
  const root = host.attachShadow({ mode: "open" });
  root.adoptedStyleSheets = [sheet];
  const make = (tag, id, text) => {
    const made = document.createElement(tag);
    made.id = id;
    made.textContent = text;
    return made;
  };
  const open = make("button", "open", say.open), close = make("button", "close", say.close);
  open.type = close.type = "button";
  open.setAttribute("aria-expanded", "false");
  const away = make("a", "away", say.away);
  away.href = `${base}/chat${lang === "ja" ? "" : `?lang=${lang}`}`;
  away.target = "_blank";
  away.rel = "noopener noreferrer";
  const top = make("div", "top", "");
  top.append(away, close);
  const panel = make("section", "panel", "");
  panel.setAttribute("role", "dialog");
  panel.setAttribute("aria-label", say.title);
  panel.hidden = true;
  panel.append(top);
  root.append(open, panel);

  let frame = null;
  function shut() {
    if (panel.hidden) return;
    panel.hidden = true;
    open.hidden = false;
    open.setAttribute("aria-expanded", "false");
    open.focus();
  }
  open.addEventListener("click", () => {
    if (!frame) {
      frame = document.createElement("iframe");
      frame.title = say.title;
      frame.referrerPolicy = "no-referrer"; // which page somebody was reading is no business of ours
      frame.src = away.href;
      frame.addEventListener("load", () => { if (!panel.hidden) frame.focus(); });
      panel.append(frame);
    }
    panel.hidden = false;
    open.hidden = true;
    open.setAttribute("aria-expanded", "true");
    frame.focus();
  });
  close.addEventListener("click", shut);
  panel.addEventListener("keydown", (event) => { if (event.key === "Escape") shut(); });
  addEventListener("message", (event) => {
    if (frame && event.source === frame.contentWindow && event.origin === base && event.data === "nakodo:close") shut();
  });
  const begin = () => document.body.append(host);
  if (document.body) begin(); else document.addEventListener("DOMContentLoaded", begin);
})
