// A second, hasty press would come too late: the first one has used the link up and its answer would be lost.
for (const form of document.querySelectorAll("form")) {
  form.addEventListener("submit", () => { form.querySelector("button").disabled = true; });
}
addEventListener("pageshow", () => { for (const one of document.querySelectorAll("form button")) one.disabled = false; });
