"""Puts an article into the words to show: the answer, where it is from, when it was checked, how far it holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from knowledge.article import Area, Article, Confidence, Source
from knowledge.plain import annotated


@dataclass(frozen=True)
class Composed:
    """What is shown. Readings are U+FFF9 base U+FFFA reading U+FFFB, as in a message.

    `text` is the short answer, the notes on area and certainty, and the source line; `source_line` is that line alone;
    `details` holds the details, the steps and every source; `question` is the article as a button in a choice.
    """

    text: str
    source_line: str
    details: str
    title: str
    question: str


@dataclass(frozen=True)
class _Said:
    """The fixed words of one language around an answer."""

    source: str
    checked: str
    undated: str
    about: str
    more: str
    all_sources: str
    area: dict[Area, str]
    unsure: str


_SAID = {
    "ja": _Said(
        source="出典:{source}",
        checked="確かめた日:{day}",
        undated="日付なし",
        about="{day}ごろ",
        more="ほか{n}件",
        all_sources="出典",
        area={
            Area.TAITO: "",
            Area.TOKYO: "※東京都の場合の答えです。",
            Area.NATIONAL: "※全国に共通する答えです。",
            Area.EXAMPLE: "※ほかの地域の例をふくみます。台東区の決まりではありません。",
        },
        unsure="※変わっているかもしれません。センターの人に確かめてください。",
    ),
    "ja-easy": _Said(
        source="{書|か}いてあった ところ:{source}",
        checked="{確|たし}かめた {日|ひ}:{day}",
        undated="{日|ひ}は わかりません",
        about="{day}ごろ",
        more="ほか{n}",
        all_sources="{書|か}いてあった ところ",
        area={
            Area.TAITO: "",
            Area.TOKYO: "※{東京都|とうきょうと}の{答|こた}えです。",
            Area.NATIONAL: "※{日本|にほん}のどこでも{同|おな}じ{答|こた}えです。",
            Area.EXAMPLE: "※ほかの{町|まち}の{例|れい}があります。{台東区|たいとうく}の{決|き}まりではありません。",
        },
        unsure="※{今|いま}は{違|ちが}うかもしれません。センターの{人|ひと}に{聞|き}いてください。",
    ),
    "en": _Said(
        source="Source: {source}",
        checked="Checked: {day}",
        undated="no date given",
        about="about {day}",
        more="and {n} more",
        all_sources="Sources",
        area={
            Area.TAITO: "",
            Area.TOKYO: "Note: this is how it is in Tokyo.",
            Area.NATIONAL: "Note: this holds all over Japan.",
            Area.EXAMPLE: "Note: includes examples from other places; not rules of Taito.",
        },
        unsure="Note: this may have changed. Please confirm with our staff.",
    ),
}
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def compose(article: Article, language: str) -> Composed:
    """The words of an article in `language`, or in Japanese where it has none."""
    said = _SAID.get(language, _SAID["ja"])
    words = article.in_language(language)
    line = _source_line(article, language, said)
    unsure = said.unsure if article.confidence is Confidence.MIDDLE else ""
    text = "\n".join(part for part in (words.short, said.area[article.area], unsure, line) if part)
    steps = "\n".join(f"{n}. {step}" for n, step in enumerate(words.steps, start=1))
    listed = "\n".join(f"・{_named(source, language, said)}{_address(source)}" for source in article.sources)
    details = "\n\n".join(part for part in (words.details, steps, f"{said.all_sources}\n{listed}") if part)
    return Composed(
        annotated(text), annotated(line), annotated(details), annotated(words.title), annotated(words.question)
    )


def day_in_words(day: str, language: str) -> str:
    """An ISO date that may stop at the month or year, as people say it: 2026年11月22日, 22 November 2026."""
    year, *rest = (int(part) for part in day.split("-"))
    if language == "en":
        month = [_MONTHS[rest[0] - 1]] if rest else []
        return " ".join([str(n) for n in rest[1:]] + month + [str(year)])
    return "".join(f"{number}{unit}" for number, unit in zip((year, *rest), "年月日", strict=False))


def _source_line(article: Article, language: str, said: _Said) -> str:
    first, *others = article.sources
    more = f" {said.more.replace('{n}', str(len(others)))}" if others else ""
    source = said.source.replace("{source}", _named(first, language, said) + more)
    return f"{source}\n{said.checked.replace('{day}', _checked(article.checked, language))}"


def _named(source: Source, language: str, said: _Said) -> str:
    day = day_in_words(source.date, language) if source.date else said.undated
    if source.about and source.date:
        day = said.about.replace("{day}", day)
    return (
        f"{source.publisher}: {source.title} ({day})"
        if language == "en"
        else f"{source.publisher}:{source.title}({day})"
    )


def _address(source: Source) -> str:
    return f"\n {source.url}" if source.url else ""


def _checked(day: date, language: str) -> str:
    return day_in_words(day.isoformat(), language)
