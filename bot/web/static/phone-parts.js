// Small things both looks of the phone are made of. Words only ever become text nodes.
export function make(tag, className = "", ...inside) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...inside);
  return made;
}

const LINK = /(https?:\/\/[^\s「」、。()()<>"']+)/u;

export function words(text, acts) {
  const out = document.createDocumentFragment();
  text.split(LINK).forEach((part, at) => {
    if (at % 2 === 0) { out.append(part); return; }
    const link = make("a", "", part);
    link.href = part;
    link.addEventListener("click", (event) => { event.preventDefault(); acts.open(part); });
    out.append(link);
  });
  return out;
}

export function press(label, className, onPress) {
  const made = make("button", className, label);
  made.type = "button";
  made.addEventListener("click", onPress);
  return made;
}

const zone = document.documentElement.dataset.zone;
const hours = new Intl.DateTimeFormat("ja", { hour: "numeric", minute: "2-digit", timeZone: zone });
const days = new Intl.DateTimeFormat("ja", { month: "numeric", day: "numeric", timeZone: zone });
const weekdays = new Intl.DateTimeFormat("ja", { weekday: "short", timeZone: zone });

// The centre's clock, as in the console.
export function time(at) { return hours.format(new Date(at)); }

export function day(at) {
  const moment = new Date(at);
  return days.format(moment) === days.format(new Date()) ? "今日" : `${days.format(moment)}(${weekdays.format(moment)})`;
}

const OWN = { sticker: "😊", image: "🖼", photo: "🖼", video: "🎬", audio: "🎤 声のメッセージ", voice: "🎤 声のメッセージ", location: "📍 台東区役所", file: "📄 file.pdf", document: "📄 file.pdf" };

// What a person sent: words, or a sign for what is not words.
export function own(face, acts) {
  if (face.texts.length) return make("div", "bubble", make("bdi", "", words(face.texts.join("\n"), acts)));
  const large = ["sticker", "image", "photo"].includes(face.kind);
  const made = make("div", large ? "bubble large" : "bubble", OWN[face.kind] || "…");
  if (large) { made.setAttribute("role", "img"); made.setAttribute("aria-label", face.kind === "sticker" ? "スタンプ" : "写真"); }
  return made;
}
