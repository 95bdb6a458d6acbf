"""Messages as odd as they can be, for the property tests of what is drawn."""

from __future__ import annotations

from hypothesis import strategies as st

from dialogs.saying import Button, Message, Page, Picker, PickerKind, Weight

_SIGNS = [
    "あ", "相談です。", "a", " ", "\n", "𠮷", "👨‍👩‍👧‍👦", "👍🏽", "🇯🇵", "か\u3099", "e\u0301", "ｶﾞ",
    "\x1b[31m", "{{7*7}}", "%s", "<b>", "&", "\ufff9漢字\ufffaかんじ\ufffb", "\ufffa", "\ud842", "LINE", "각",
    "、", "ＬＩＮＥ", "\u200b", "\u202e", "\u0000",
]  # fmt: skip
_pieces = st.one_of(st.sampled_from(_SIGNS), st.text(max_size=8))
short = st.lists(_pieces, max_size=12).map("".join)
long = st.builds(lambda sign, times: sign * times, st.one_of(st.sampled_from(_SIGNS), short), st.integers(0, 6000))
texts = st.one_of(short, long.map(lambda text: text[:30_000]))
labels = st.one_of(short, st.builds(lambda sign, times: sign * times, st.sampled_from(_SIGNS), st.integers(0, 400)))
taps = st.one_of(st.from_regex(r"[!-~]{1,64}", fullmatch=True), st.text(max_size=400))
buttons = st.builds(Button, labels, taps, st.sampled_from(Weight))
bounds = st.one_of(
    st.none(),
    st.dates().map(str),
    st.datetimes().map(lambda moment: moment.isoformat()),
    st.times().map(str),
    st.text(max_size=12),
)
pickers = st.builds(Picker, st.sampled_from(PickerKind), labels, taps, bounds, bounds)
addresses = st.one_of(
    st.none(),
    st.just("https://nakodo.example/talk/x9"),
    st.integers(1, 1100).map(lambda length: "https://nakodo.example/" + "a" * length),
    st.text(max_size=20),
)
pages = st.builds(Page, labels, st.sampled_from(["answer", "talk"]), addresses)
messages = st.builds(
    Message,
    texts,
    st.one_of(st.lists(buttons, max_size=4), st.lists(buttons, max_size=40)).map(tuple),
    st.one_of(st.none(), pickers),
    st.one_of(st.none(), pages),
    st.one_of(st.none(), labels),
)
parcels = st.lists(messages, min_size=1, max_size=5).map(tuple)
