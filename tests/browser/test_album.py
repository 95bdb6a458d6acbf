"""The pictures that are kept show every kind of message on every channel, in the words the house uses today."""

from __future__ import annotations

from PIL import Image

from tests.browser import album, outreach_camera
from tests.browser.walks import pictures

KINDS = {channel: pictures(channel) for channel in album.CHANNELS}
MOST_BYTES = 1_500_000
EVERYWHERE = {
    "welcome", "greeting", "menu", "answer", "choice", "not-found", "question", "many", "ticks", "slots", "yes-no",
    "picker", "not-understood", "consent", "check", "sent", "claimed", "coordinator", "with-coordinator", "long",
    "very-long", "released", "easy", "easy-menu", "easy-answer", "english-menu", "english-answer", "danger", "events",
}  # fmt: skip
PHONES = {"sticker", "picture", "unknown", "private-link", "private-page"}


def test_every_kind_of_message_has_its_picture_and_no_other_lies_there() -> None:
    assert set(KINDS["line"]) == EVERYWHERE | PHONES | {"unsent", "picker-open"}
    assert set(KINDS["telegram"]) == EVERYWHERE | PHONES
    assert set(KINDS["web"]) == EVERYWHERE | {"not-sent"}
    wanted = {album.file_of(channel, kind).name for channel, kinds in KINDS.items() for kind in kinds}
    assert {file.name for file in album.FOLDER.iterdir()} == wanted | {"words.json"}, "run `make pictures`"
    assert set(album.words_taken()) == wanted


def test_what_stands_on_a_picture_is_what_the_house_says_today() -> None:
    taken = album.words_taken()
    stale = {
        file.name: gone
        for channel, kinds in KINDS.items()
        for kind, (walk, step) in kinds.items()
        if (gone := album.missing(walk, step, taken[(file := album.file_of(channel, kind)).name]))
    }
    assert stale == {}, "run `make pictures`, and look at them"


def test_the_pictures_are_pictures_of_a_phone_and_small() -> None:
    files = sorted(album.FOLDER.glob("*.webp"))
    assert sum(file.stat().st_size for file in files) < MOST_BYTES
    for file in files:
        with Image.open(file) as one:
            assert one.size[0] == album.WIDTH, file.name
            assert abs(one.size[1] - album.HEIGHT) < 40, file.name
            assert len(one.resize((39, 84)).getcolors(10_000) or ()) > 8, f"{file.name} shows nothing"


def test_the_pictures_of_going_out_are_all_there_named_in_their_page_and_small() -> None:
    page = (outreach_camera.FOLDER.parent / "outreach.md").read_text("utf-8")
    files = [outreach_camera.file_of(name) for name in outreach_camera.NAMES]
    assert [file.name for file in files if f"(pictures/{file.name})" not in page] == []
    assert sorted(outreach_camera.FOLDER.glob("outreach-*")) == sorted(files), "run `make pictures`"
    for file in files:
        assert file.stat().st_size < 70_000, file.name
        with Image.open(file) as one:
            assert len(one.convert("RGB").resize((64, 64)).getcolors(10_000) or ()) > 8, f"{file.name} shows nothing"
