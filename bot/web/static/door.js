// A second, hasty press would come too late: the first one has used the link up and its answer would be lost.
for (const form of document.querySelectorAll("form")) {
  form.addEventListener("submit", () => { form.querySelector("button").disabled = true; });
}
addEventListener("pageshow", () => { for (const one of document.querySelectorAll("form button")) one.disabled = false; });

// What Telegram tells a page behind the #, in a window of its own, about who opened it; it is not left in the address.
// A link may carry such words anywhere: only in Telegram's window, and only said once, they are Telegram's.
const told = new URLSearchParams(location.hash.slice(1)).getAll("tgWebAppData");
if (location.hash) history.replaceState(null, "", location.pathname);
const telegram = window.TelegramWebviewProxy;
const form = document.querySelector("form");
if (telegram && told.length === 1) {
  telegram.postEvent?.("web_app_expand", "{}");
  if (form) { form.elements.init.value = told[0]; form.requestSubmit(); }
}

// Telegram in a browser keeps us in a frame that may open no page of ours, so it is asked to open one itself.
const away = document.querySelector("[data-away]");
if (away && parent !== window) {
  away.addEventListener("click", (event) => {
    event.preventDefault();
    const wish = { eventType: "web_app_open_link", eventData: { url: away.href } };
    parent.postMessage(JSON.stringify(wish), "https://web.telegram.org");
  });
}
