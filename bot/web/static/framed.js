// Inside a frame of another site: Escape asks that site's page to close it. The word says nothing about anybody.
if (window.parent !== window) {
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.isComposing) window.parent.postMessage("nakodo:close", "*");
  });
}
