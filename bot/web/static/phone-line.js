// Draws what LINE shows: bubbles with a name, flex messages from their own JSON, quick replies.
import { make, own, press, time, words } from "./phone-parts.js";

const SIZES = { xxs: 11, xs: 13, sm: 14, md: 16, lg: 19, xl: 22, xxl: 29, "3xl": 35, "4xl": 48, "5xl": 74 };
const GAPS = { none: 0, xs: 2, sm: 4, md: 8, lg: 12, xl: 16, xxl: 20 };
const ROUNDS = { none: 0, xs: 2, sm: 4, md: 8, lg: 12, xl: 16, xxl: 20 };
const ALIGNS = { start: "start", end: "end", center: "center" };
const pixels = (value, table) => (value === undefined ? "" : value in table ? `${table[value]}px` : String(value));

export function act(action, face, acts) {
  switch (action.type) {
    case "postback": return acts.tap(face, action.data);
    case "message": return acts.say(action.text);
    case "datetimepicker": return acts.pick(action);
    case "location": return acts.send("location");
    default: return acts.open(action.uri);
  }
}

function text(part) {
  const inside = part.contents ? part.contents.map((span) => span.text).join("") : part.text;
  const made = make("p", "fx-text", inside);
  made.style.fontSize = pixels(part.size || "md", SIZES);
  if (part.color) made.style.color = part.color;
  if (part.weight === "bold") made.style.fontWeight = "700";
  if (part.align) made.style.textAlign = ALIGNS[part.align];
  if (!part.wrap) made.classList.add("one");
  if (part.flex !== undefined) made.style.flex = String(part.flex);
  return made;
}

function box(part, face, acts) {
  const made = part.action ? press("", "fx-box fx-tap", () => act(part.action, face, acts)) : make("div", "fx-box");
  made.classList.add(part.layout === "vertical" ? "down" : "across");
  made.style.gap = pixels(part.spacing, GAPS);
  made.style.padding = pixels(part.paddingAll, GAPS);
  made.style.borderRadius = pixels(part.cornerRadius, ROUNDS);
  if (part.backgroundColor) made.style.background = part.backgroundColor;
  if (part.borderWidth) made.style.borderWidth = { light: "1px", normal: "1px", medium: "2px", "semi-bold": "3px", bold: "4px" }[part.borderWidth] || part.borderWidth;
  if (part.borderColor) made.style.borderColor = part.borderColor;
  made.append(...part.contents.map((one) => component(one, face, acts)));
  return made;
}

function component(part, face, acts) {
  const made = draw(part, face, acts);
  if (part.margin) made.style.marginTop = pixels(part.margin, GAPS);
  return made;
}

function draw(part, face, acts) {
  switch (part.type) {
    case "box": return box(part, face, acts);
    case "text": return text(part);
    case "button": return press(part.action.label, `fx-button ${part.style || "link"}`, () => act(part.action, face, acts));
    case "separator": return make("hr");
    default: return make("span", "fx-filler");
  }
}

function flex(message, face, acts) {
  const bubbles = message.contents.type === "carousel" ? message.contents.contents : [message.contents];
  const drawn = bubbles.map((bubble) => make("div", "flex", ...["header", "hero", "body", "footer"].filter((name) => bubble[name]).map((name) => make("div", `fx-${name}`, component(bubble[name], face, acts)))));
  return drawn.length === 1 ? drawn[0] : make("div", "carousel", ...drawn);
}

function content(face, acts) {
  const raw = face.raw;
  if (raw && raw.type === "flex") return flex(raw, face, acts);
  const bubble = make("div", "bubble", make("bdi", "", words(face.texts.join("\n"), acts)));
  for (const one of face.buttons) bubble.append(press(one.label, "fx-button link", () => act({ ...one, type: one.kind }, face, acts)));
  return bubble;
}

export function line(face, acts) {
  const mine = face.from === "person";
  if (face.withdrawn) return make("div", "row note", make("p", "", mine ? "メッセージの送信を取り消しました" : "メッセージが取り消されました"));
  const stamp = make("div", "stamp", ...(mine && face.read ? [make("span", "", "既読")] : []), make("time", "", time(face.at)));
  if (mine) return make("div", "row me", acts.ownMenu(face), stamp, own(face, acts));
  const name = make("p", "name", make("bdi", "", face.sender || "なこうど"), ...(face.sender ? [make("span", "from", " from なこうど")] : []));
  const avatar = make("span", face.sender ? "avatar human" : "avatar", face.sender ? face.sender.slice(0, 1) : "");
  avatar.setAttribute("aria-hidden", "true");
  return make("div", "row", avatar, make("div", "column", name, make("div", "beside", content(face, acts), stamp)));
}

export function quick(face, acts) {
  return face.quick.map((one) => press(one.label, "chip", () => act({ ...one, type: one.kind }, face, acts)));
}

// The rich menu under the talk: its picture, with a button over each of its areas.
export function menu(place, told, acts) {
  const picture = make("img");
  picture.src = told.picture;
  picture.alt = "";
  const sheet = make("div", "rich-sheet", picture);
  const part = (one, whole) => `${(100 * one) / whole}%`;
  for (const { bounds, action } of told.areas) {
    const area = press("", "rich-area", () => acts.touch(action.data, action.displayText));
    area.setAttribute("aria-label", action.label);
    Object.assign(area.style, { left: part(bounds.x, told.size.width), top: part(bounds.y, told.size.height), width: part(bounds.width, told.size.width), height: part(bounds.height, told.size.height) });
    sheet.append(area);
  }
  const open = (yes) => {
    sheet.hidden = !yes;
    bar.setAttribute("aria-expanded", String(yes));
  };
  const bar = press(`${told.bar} ▾`, "rich-bar", () => {
    place.dataset.open = sheet.hidden ? "yes" : "no";
    open(sheet.hidden);
  });
  place.replaceChildren(bar, sheet);
  // Open before the first word; over a talk it waits behind its bar, and stays as the thumb left it.
  const asLeft = () => open(place.dataset.open ? place.dataset.open === "yes" : document.querySelector("#log .row") === null);
  asLeft();
  return asLeft;
}
