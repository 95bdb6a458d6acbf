"""How a thing is called when it is handed out: by a name that can do no harm on anybody's computer."""

from __future__ import annotations

import pytest

from bot.channels.contents import Why
from bot.web.console.things import Enclosed, enclosed, file_name
from storage.things import State, Thing
from tests.each import each

NAMES: list[tuple[str, str, str, tuple[str, str]]] = [
    ("plain", "会則.pdf", "pdf", ("会則", "pdf")),
    ("path", "../../etc/passwd", "txt", ("passwd", "txt")),
    ("path of Windows", "C:\\Users\\x\\a.docx", "docx", ("a", "docx")),
    ("only a path", "../../", "pdf", ("", "pdf")),
    ("wrong ending", "請求書.pdf.exe", "pdf", ("請求書.pdf", "pdf")),
    ("no ending", "readme", "txt", ("readme", "txt")),
    ("writing turned round", "invoice\u202efdp.exe", "zip", ("invoicefdp", "zip")),
    ("line ends", "a\r\nSet-Cookie: x=1.txt", "txt", ("aSet-Cookie x=1", "txt")),
    ("quotes and signs", 'a"b<c>%0d;d.txt', "txt", ("abc0d;d", "txt")),
    ("name of a device", "CON.txt", "txt", ("", "txt")),
    ("another", "lpt1", "pdf", ("", "pdf")),
    ("long", "長" * 300 + ".pdf", "pdf", ("長" * 80, "pdf")),
    ("nothing", "", "jpeg", ("", "jpg")),
    ("dots", "...", "pdf", ("", "pdf")),
    ("unknown form", "a.html", "other", ("a", "bin")),
    ("old Excel", "表.XLS", "ole", ("表", "xls")),
    ("old Office with a lie", "表.exe", "ole", ("表", "doc")),
]


@each(("told", "form", "given"), [one[1:] for one in NAMES], ids=[one[0] for one in NAMES])
def test_C29_the_name_is_harmless_and_its_ending_true(told: str, form: str, given: tuple[str, str]) -> None:
    assert file_name(told, form) == given


def thing(state: State, form: str = "", why: str = "") -> Thing:
    """A thing of case 3."""
    return Thing(7, 1, "file", state, why, form, 1_500_000, 6)


def test_a_coordinator_is_told_honestly_whether_it_is_there() -> None:
    assert (
        enclosed(thing(State.WANTED), 3)
        == enclosed(thing(State.FETCHING), 3)
        == Enclosed("読み込み中です。", sign="wait")
    )
    assert enclosed(thing(State.KEPT, "pdf"), 3) == Enclosed("PDFを保存する(1.4 MB)", "/console/cases/3/things/7")
    assert enclosed(thing(State.KEPT, "jpeg"), 3).picture
    assert "種類のわからないファイル" in enclosed(thing(State.KEPT, "other"), 3).label


@pytest.mark.parametrize("why", Why)
def test_every_reason_why_something_is_missing_has_its_words(why: Why) -> None:
    label = enclosed(thing(State.LOST, why=why.value), 3).label
    assert label.startswith("受け取れませんでした。")
    assert "もう一度送ってもらって" not in label
