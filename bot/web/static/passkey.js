/* Passkeys: asks the server what to sign, the device to sign it, and goes where the server says. */
"use strict";

(() => {
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

  const post = async (address, fields) => {
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.append(name, value);
    return fetch(address, { method: "POST", body: form, credentials: "same-origin" });
  };

  const named = (list) => (list || []).map((one) => ({ ...one, id: bytes(one.id) }));

  const make = async (options) => {
    const user = { ...options.user, id: bytes(options.user.id) };
    const publicKey = { ...options, user, challenge: bytes(options.challenge), excludeCredentials: named(options.excludeCredentials) };
    const made = await navigator.credentials.create({ publicKey });
    const { attestationObject, clientDataJSON } = made.response;
    return { made, response: { attestationObject: text(attestationObject), clientDataJSON: text(clientDataJSON) } };
  };

  const sign = async (options) => {
    const publicKey = { ...options, challenge: bytes(options.challenge), allowCredentials: named(options.allowCredentials) };
    const made = await navigator.credentials.get({ publicKey });
    const { authenticatorData, clientDataJSON, signature, userHandle } = made.response;
    const response = { authenticatorData: text(authenticatorData), clientDataJSON: text(clientDataJSON), signature: text(signature) };
    if (userHandle) response.userHandle = text(userHandle);
    return { made, response };
  };

  const run = async (form) => {
    const said = form.querySelector("[role=alert]");
    const address = form.dataset.passkey;
    const beside = form.querySelector("[name=beside]");
    said.hidden = true;
    try {
      const begun = await post(address + "/begin", {});
      if (!begun.ok) throw new Error("begin");
      const { made, response } = await (form.dataset.how === "make" ? make : sign)(await begun.json());
      const told = { id: made.id, rawId: text(made.rawId), type: made.type, response, clientExtensionResults: {} };
      const answer = await post(address, { told: JSON.stringify(told), beside: beside ? beside.value : "" });
      const words = await answer.json();
      if (words.to) return location.assign(words.to);
      said.textContent = words.wrong;
    } catch {
      said.textContent = form.dataset.failed;
    }
    said.hidden = false;
    return null;
  };

  for (const form of document.querySelectorAll("form[data-passkey]")) {
    if (!window.PublicKeyCredential) continue;
    form.hidden = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      run(form);
    });
  }
})();
