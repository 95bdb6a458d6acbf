// Draws one line of the talk. Words only ever become text nodes.

// Text with readings still marked (U+FFF9 base U+FFFA reading U+FFFB) as pieces [base, reading].
export function pieces(marked) {
  return marked.split(/(\ufff9[^\ufffa]*\ufffa[^\ufffb]*\ufffb)/u).filter(Boolean).map((part) => {
    const found = /^\ufff9([^\ufffa]*)\ufffa([^\ufffb]*)\ufffb$/u.exec(part);
    return found ? [found[1], found[2]] : [part, null];
  });
}

export function bare(parts) { return parts.map(([base]) => base).join(""); }

export function make(tag, className = "", ...inside) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...inside);
  return made;
}

const LINK = /(https?:\/\/[^\s「」、。()()<>"']+)/u;

// A web address that leads where it says; one that hides its host behind a name before an @ stays text.
function place(part) {
  const to = URL.canParse(part) ? new URL(part) : null;
  return to && !to.username && !to.password ? to : null;
}

function linked(text) {
  return text.split(LINK).map((part, at) => {
    const to = at % 2 ? place(part) : null;
    if (!to) return part;
    // What the host is really called stands beside a name that only looks like another's.
    const link = make("a", "", part.includes(to.host) ? part : `${part} (${to.host})`);
    link.href = to.href;
    link.rel = "noopener noreferrer nofollow";
    link.target = "_blank";
    return link;
  });
}

export function text(parts, withLinks = false) {
  const out = document.createDocumentFragment();
  for (const [base, reading] of parts) {
    if (reading === null) { out.append(...(withLinks ? linked(base) : [base])); continue; }
    out.append(make("ruby", "", base, make("rp", "", "("), make("rt", "", reading), make("rp", "", ")")));
  }
  return out;
}

const INPUTS = { date: "date", time: "time", datetime: "datetime-local" };
const LENGTHS = { date: 10, time: 5, datetime: 16 };

function picker(offer, words, onPick) {
  const input = make("input");
  input.type = INPUTS[offer.kind];
  input.required = true;
  const fit = (bound) => (bound || "").slice(0, LENGTHS[offer.kind]);
  if (offer.earliest) input.min = fit(offer.earliest);
  if (offer.latest) input.max = fit(offer.latest);
  const label = make("label", "", make("span", "", text(offer.label)), input);
  const form = make("form", "picker", label, make("button", "main", text(pieces(words.pick))));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    onPick(offer.tap, input.value.slice(0, LENGTHS[offer.kind]));
  });
  return form;
}

function button(offer, onTap) {
  const made = make("button", offer.weight, text(offer.label));
  made.type = "button";
  made.dataset.tap = offer.tap;
  made.addEventListener("click", () => onTap(offer.tap, offer.label));
  return made;
}

// `acts` has tap(tap, label) and pick(tap, value); `always` are taps that the page offers at all times anyway.
export function line(said, words, acts, always) {
  const who = said.who === "staff" && said.name ? said.name : words[said.who];
  const whoParts = said.who === "staff" && said.name ? [[said.name, null]] : pieces(who);
  const name = make("p", "who", make("bdi", "", text(whoParts)));
  if (said.who === "staff" && said.name) name.append(make("span", "role", text(pieces(words.staff))));
  const body = make("div", "bubble");
  if (said.quoted) body.append(quote(said.quoted, words));
  if (said.withdrawn) body.append(make("em", "", text(pieces(words.withdrawn))));
  else if (said.thing) body.append(make("em", "", text(pieces(words.thing))));
  else body.append(make("bdi", "words", text(said.text || [], said.who !== "me")));
  const out = make("article", `line ${said.who}`, name, body);
  out.dataset.id = said.id;
  if (said.at) out.append(time(said.at));
  const offers = (said.buttons || []).filter((one) => !(one.weight === "way" && always.has(one.tap)));
  if (offers.length || said.picker || said.page || said.links) out.append(choices(said, offers, words, acts));
  return out;
}

// What a coordinator answers, cut to two lines by the style sheet.
function quote(quoted, words) {
  const of = quoted.withdrawn ? pieces(words.withdrawn) : quoted.text || pieces(words.thing);
  return make("blockquote", "quoted", make("span", "unseen", text(pieces(words.me)), " "), make("bdi", "", text(of)));
}

function choices(said, offers, words, acts) {
  const out = make("div", "choices");
  if (said.picker) out.append(picker(said.picker, words, acts.pick));
  const steps = offers.filter((one) => one.weight !== "way");
  if (steps.length) out.append(make("div", "steps", ...steps.map((one) => button(one, acts.tap))));
  if (said.page) {
    const link = make("a", "button main", text(said.page.label));
    link.href = said.page.url;
    out.append(link);
  }
  for (const one of said.links || []) {
    const link = make("a", "button", text(one.label));
    Object.assign(link, { href: one.url, target: "_blank", rel: "noopener" });
    out.append(link);
  }
  const ways = offers.filter((one) => one.weight === "way");
  if (ways.length) out.append(make("div", "ways", ...ways.map((one) => button(one, acts.tap))));
  return out;
}

// The centre's clock, whatever the device's own says.
const zone = JSON.parse(document.getElementById("about").textContent).zone;
const hours = new Intl.DateTimeFormat("ja", { hour: "numeric", minute: "2-digit", timeZone: zone });
const days = new Intl.DateTimeFormat(document.documentElement.lang, { month: "long", day: "numeric", timeZone: zone });

function time(at) {
  const moment = new Date(at);
  const today = days.format(moment) === days.format(new Date());
  const made = make("time", "", today ? hours.format(moment) : `${days.format(moment)} ${hours.format(moment)}`);
  made.dateTime = at;
  return made;
}
