// Draws what Telegram shows: bubbles with bold words, and the keyboard under a message.
import { make, own, press, time, words } from "./phone-parts.js";

// The words with their bold parts; offsets count UTF-16 units, as JavaScript's strings do.
function rich(raw, fallback, acts) {
  const text = raw?.text ?? fallback;
  const bold = (raw?.entities || []).filter((one) => one.type === "bold").sort((a, b) => a.offset - b.offset);
  const out = document.createDocumentFragment();
  let at = 0;
  for (const one of bold) {
    if (one.offset < at) continue;
    out.append(words(text.slice(at, one.offset), acts), make("b", "", text.slice(one.offset, one.offset + one.length)));
    at = one.offset + one.length;
  }
  out.append(words(text.slice(at), acts));
  return out;
}

function keyboard(rows, face, acts) {
  return make("div", "keys", ...rows.map((row) => make("div", "keyrow", ...row.map((key) => {
    const url = key.url ?? key.web_app?.url;
    return press(url ? `${key.text} ↗` : key.text, "key", () => (url ? acts.open(url) : acts.tap(face, key.callback_data)));
  }))));
}

export function line(face, acts) {
  const mine = face.from === "person";
  if (face.withdrawn) return make("div", "row note", make("p", "", "メッセージは削除されました"));
  const stamp = make("div", "stamp", make("time", "", time(face.at)), ...(mine ? [make("span", "", " ✓✓")] : []));
  if (mine) { const bubble = own(face, acts); bubble.append(stamp); return make("div", "row me", bubble); }
  const bubble = make("div", "bubble", make("bdi", "", rich(face.raw, face.texts.join("\n"), acts)), stamp);
  const rows = face.raw?.reply_markup?.inline_keyboard;
  return make("div", "row", make("div", "column", bubble, ...(rows ? [keyboard(rows, face, acts)] : [])));
}

export function quick(face, acts) {
  return face.quick.map((one) => press(one.label, "key", () => acts.say(one.text)));
}
