"""What RSS and Atom of many makers say of an entry is found under whichever name it stands there."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from knowledge.feed_xml import Entry, entries

NOTHING = Entry(uid="", title="", url="", about="", place="", by="", starts="", ends="", stamp=None)
SPACES = (
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:ev="http://purl.org/rss/1.0/modules/event/"'
    ' xmlns:ical="http://www.w3.org/2002/12/cal#" xmlns:cal="http://www.w3.org/2002/12/cal/"'
)


def only(inner: str, kind: str = "item") -> Entry:
    [one] = entries(f"<rss {SPACES}><channel><{kind}>{inner}</{kind}></channel></rss>".encode()) or []
    return one


def test_an_empty_entry_says_nothing() -> None:
    assert only("") == only("", "entry") == NOTHING
    assert only("<title/><link/><description/><author><name/></author><guid> </guid>") == NOTHING


@pytest.mark.parametrize(
    ("inner", "field", "value"),
    [
        ("<guid>g</guid><id>i</id><link>l</link><title>t</title>", "uid", "g"),
        ("<id> i </id><link>l</link><title>t</title>", "uid", "i"),
        ("<link>l</link><title>t</title>", "uid", "l"),
        ("<title>t</title>", "uid", "t"),
        ("<title>一</title><title>二</title>", "title", "一"),
        ("<title>花&amp;lt;b&amp;gt;植&amp;lt;/b&amp;gt;え</title>", "title", "花 植 え"),
        ("<title>1 &lt; 2</title>", "title", "1 < 2"),
        ("<title>公園\n  の花</title>", "title", "公園 の花"),
        ("<description>d</description><summary>s</summary><content>c</content>", "about", "d"),
        ("<summary>s</summary><content>c</content>", "about", "s"),
        ("<content>c</content>", "about", "c"),
        ("<ev:location>区民館</ev:location>", "place", "区民館"),
        ("<ev:organizer>町会</ev:organizer><dc:creator>c</dc:creator>", "by", "町会"),
        ("<dc:creator>c</dc:creator><author><name>n</name></author>", "by", "c"),
        ("<author><email>e</email><name> n </name></author>", "by", "n"),
        ('<link href=" https://a.example/1 "/>', "url", "https://a.example/1"),
        ('<link rel="self" href="s"/><link rel="alternate" href="a"/>', "url", "a"),
        ('<link rel="alternate"/>', "url", ""),
        ("<ical:dtstart>20261122</ical:dtstart><ev:startdate>x</ev:startdate>", "starts", "20261122"),
        ("<ev:startdate>2026-11-22</ev:startdate>", "starts", "2026-11-22"),
        ("<dtstart>20261122</dtstart>", "starts", ""),
        ("<cal:dtend> 20261123 </cal:dtend><ev:enddate>x</ev:enddate>", "ends", "20261123"),
        ("<ev:enddate>2026-11-23</ev:enddate>", "ends", "2026-11-23"),
    ],
)
def test_each_thing_is_found_under_its_names_the_best_first(inner: str, field: str, value: str) -> None:
    assert getattr(only(inner), field) == value


@pytest.mark.parametrize("name", ["updated", "published", "pubDate", "dc:date", "modified"])
@pytest.mark.parametrize(
    ("text", "stamp"),
    [
        ("2026-11-22T18:30:00+09:00", datetime(2026, 11, 22, 9, 30, tzinfo=UTC)),
        ("2026-11-22T09:30:00", datetime(2026, 11, 22, 9, 30, tzinfo=UTC)),
        ("Sun, 22 Nov 2026 18:30:00 +0900", datetime(2026, 11, 22, 9, 30, tzinfo=UTC)),
        ("Sun, 22 Nov 2026 09:30:00 -0000", datetime(2026, 11, 22, 9, 30, tzinfo=UTC)),
        ("2026-13-22", None),
        ("きのう", None),
        ("0001-01-01T00:00:00+09:00", None),
    ],
)
def test_when_it_is_from_is_read_however_it_is_written(name: str, text: str, stamp: datetime | None) -> None:
    assert only(f"<{name}>{text}</{name}>").stamp == stamp


def test_of_several_stamps_the_last_change_counts() -> None:
    names = ("modified", "dc:date", "pubDate", "published", "updated")
    parts = [f"<{name}>2026-11-2{at}T00:00:00Z</{name}>" for at, name in enumerate(names)]
    for at in range(len(names)):
        assert only("".join(parts[: at + 1])).stamp == datetime(2026, 11, 20 + at, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "codec", "title"),
    [
        ("Shift_JIS", "cp932", "①祭り"),
        ("shift-jis", "cp932", "①祭り"),
        ("Windows-31J", "cp932", "①祭り"),
        ("EUC-JP", "euc_jp", "祭り"),
        ("UTF-8", "utf-8", "①祭り"),
    ],
)
def test_the_encodings_of_japanese_pages_are_read(name: str, codec: str, title: str) -> None:
    text = f"<?xml version='1.0' encoding='{name}' ?><rss><item><title>{title}</title></item></rss>"
    assert [one.title for one in entries(text.encode(codec)) or []] == [title]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<rss><item></rss>",
        b"plain words",
        b"<?xml version='1.0' encoding='no-such'?><rss/>",
        "<!DOCTYPE rss [<!ENTITY a 'b'>]><rss/>".encode("utf-16"),
        b"<?xml version='1.0' encoding='shift_jis'?><rss><item><title>\x81</title></item></rss>",
    ],
)
def test_what_is_no_feed_or_could_blow_up_is_none(data: bytes) -> None:
    assert entries(data) is None


def test_a_feed_without_entries_is_an_empty_one() -> None:
    assert entries(b"<rss><channel><title>t</title></channel></rss>") == []
