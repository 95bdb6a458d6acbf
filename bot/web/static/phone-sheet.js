// What slides over the phone's screen: a page inside the app, or the native picker of a date.
import { make, press } from "./phone-parts.js";

const INPUTS = { date: "date", time: "time", datetime: "datetime-local" };
const LENGTHS = { date: 10, time: 5, datetime: 16 };

export function sheets(by, screen) {
  const sheet = by("sheet"), body = by("sheet-body"), name = by("sheet-name");
  let before = null;

  function shut() {
    if (sheet.hidden) return;
    sheet.hidden = true;
    body.replaceChildren();
    for (const one of screen.children) one.inert = false;
    before?.focus();
  }

  function up(title, kind, ...inside) {
    before = document.activeElement;
    name.textContent = title;
    sheet.dataset.kind = kind;
    body.replaceChildren(...inside);
    sheet.hidden = false;
    for (const one of screen.children) one.inert = one !== sheet;
    by("shut").focus();
  }

  function open(address) {
    const url = new URL(address, location.href);
    const ours = url.pathname.startsWith("/p/") || url.pathname.startsWith("/chat");
    if (ours) {
      const frame = make("iframe");
      frame.title = "センターのページ";
      frame.src = url.pathname + url.search; // the phone asks this very server, whatever name it has
      up("センターのページ", "page", frame);
      return;
    }
    const link = make("a", "begin", "新しい画面で開く");
    link.href = url.href;
    link.target = "_blank";
    link.rel = "noopener noreferrer";
    up(url.host, "ask", make("p", "", "センターの外のページです。"), make("p", "url", url.href), link);
  }

  function pick(action, done) {
    const input = make("input");
    input.type = INPUTS[action.mode];
    input.required = true;
    for (const bound of ["min", "max"]) if (action[bound]) input[bound] = action[bound].replace("t", "T");
    if (action.initial) input.value = action.initial.replace("t", "T");
    const form = make("form", "picker", make("label", "", action.label, input), make("button", "begin", "これに決める"));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const value = input.value.slice(0, LENGTHS[action.mode]);
      shut();
      void done(value);
    });
    up("日時を選ぶ", "ask", form, press("やめる", "plain", shut));
    input.focus();
  }

  by("shut").addEventListener("click", shut);
  return { open, pick, shut };
}
