"""Puts an article into the words to show: the answer, where it is from, when it was checked, how far it holds."""

from __future__ import annotations

from dataclasses import dataclass

from knowledge.article import Article, Confidence, Source
from knowledge.phrases import PHRASES, Phrases
from knowledge.plain import annotated


@dataclass(frozen=True)
class Composed:
    """What is shown. Readings are U+FFF9 base U+FFFA reading U+FFFB, as in a message.

    `text` is the short answer, what to do next, the notes on area, certainty and translation, and the source line;
    `source_line` is that line alone; `details` holds the title, the details, the table, the steps, every source and the
    notes once more; `question` is the article as a button in a choice.
    """

    text: str
    source_line: str
    details: str
    title: str
    question: str


_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_UNITS = {"ko": ("년", "월", "일")}


def compose(article: Article, language: str) -> Composed:
    """The words of an article in `language`, or in Japanese where it has none."""
    asked, language = language, language if language in article.words else "ja"
    said, words = PHRASES[language], article.words[language]
    # What is not written in their language is said to be so in it, above the Japanese.
    only = PHRASES[asked].only_japanese if asked != language and asked in PHRASES else ""
    line = source_line(article, language)
    text = _lines(
        only, words.short, said.next.replace("{next}", words.next), notes(article, language), said.unchecked, line
    )
    return Composed(
        text=annotated(text),
        source_line=annotated(line),
        details=annotated("\n\n".join(part for part in (only, _details(article, language)) if part)),
        title=annotated(words.title),
        question=annotated(words.question),
    )


def notes(article: Article, language: str) -> str:
    """How far an article holds and how sure it is, a line each; "" for what is surely so in Taito."""
    said = PHRASES[language]
    return _lines(said.area[article.area], said.unsure if article.confidence is Confidence.MIDDLE else "")


def source_line(article: Article, language: str) -> str:
    """Where an article is from and when it was checked, two lines; readings as in the files."""
    said = PHRASES[language]
    first, *others = article.sources
    more = f" {said.more.replace('{n}', str(len(others)))}" if others else ""
    return _lines(said.source.replace("{source}", _named(first, language) + more), _checked(article, language))


def day_in_words(day: str, language: str) -> str:
    """An ISO date that may stop at the month or year, as people say it: 2026年11月22日, 22 November 2026."""
    year, *rest = (int(part) for part in day.split("-"))
    if language == "en":
        month = [_MONTHS[rest[0] - 1]] if rest else []
        return " ".join([str(n) for n in rest[1:]] + month + [str(year)])
    pairs = zip((year, *rest), _UNITS.get(language, ("年", "月", "日")), strict=False)
    return (" " if language == "ko" else "").join(f"{number}{unit}" for number, unit in pairs)


def _details(article: Article, language: str) -> str:
    """The title and all there is to say below it; in Japanese for a language that has only the short answer."""
    said, title = PHRASES[language], article.words[language].title
    whole = language if article.words[language].details else "ja"
    words = article.words[whole]
    steps = _lines(*(f"{n}. {step}" for n, step in enumerate(words.steps, start=1)))
    listed = _lines(said.all_sources, *(f"・{_named(one, language)}{_address(one)}" for one in article.sources))
    ending = _lines(notes(article, language), _checked(article, language))
    parts = (title, said.in_japanese, words.details, _table(words.table, PHRASES[whole]), steps, listed, ending)
    return "\n\n".join(part for part in parts if part)


def _table(table: tuple[tuple[str, ...], ...], said: Phrases) -> str:
    """A table as a phone can show it: a block for each row, a line for each cell with its head."""
    heads, *rows = table or ((),)
    blocks = (
        "\n".join(
            said.pair.replace("{head}", head).replace("{cell}", cell) for head, cell in zip(heads, row, strict=True)
        )
        for row in rows
    )
    return "\n\n".join(blocks)


def _lines(*parts: str) -> str:
    return "\n".join(part for part in parts if part)


def _named(source: Source, language: str) -> str:
    said = PHRASES[language]
    day = day_in_words(source.date, language) if source.date else said.undated
    if source.about and source.date:
        day = said.about.replace("{day}", day)
    return said.named.replace("{day}", day).replace("{publisher}", source.publisher).replace("{title}", source.title)


def _address(source: Source) -> str:
    return f"\n {source.url}" if source.url else ""


def _checked(article: Article, language: str) -> str:
    return PHRASES[language].checked.replace("{day}", day_in_words(article.checked.isoformat(), language))
