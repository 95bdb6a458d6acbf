"""Decides what a question gets: an answer, a choice, a person, the safety path, or an honest no."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from knowledge import keeping, safety
from knowledge.article import Article
from knowledge.asking import asks_like_question, hangs, parts, tells, wants, wants_more
from knowledge.decision import Decision, Found, Kind
from knowledge.following import Following
from knowledge.index import Ranked
from knowledge.learnable import VAGUE, learnable
from knowledge.library import Library, Seen
from knowledge.passing import in_passing
from knowledge.plain import bare, even, plain
from knowledge.topics import FOR_A_PERSON, NOT_OURS, topics
from knowledge.weighing import Chances, weights

AT_MOST = 3  # articles in a choice
STRANGE = 0.75  # chance from which nobody needs to look whether it is a matter for a person after all
KNOWN_TOPIC = 0.6  # chance from which the topic is taken for the right one, though not the article
NEAR_TOPICS = 3  # of a whole message, so many of the best
FAINT = 0.12  # score below which what was found is chance
DOUBT = 0.6  # chance of not being ours from which nothing is answered at once
SHORT = 24  # characters; a longer text is a question of its own, not a word more on the last one
GIBBERISH = 0.5  # share of a text in Latin letters that nobody has used before, from which nothing is made of it
_DIGIT = re.compile(r"\d")
_LETTER = re.compile(r"[^\W\d_]")
_SUM = re.compile(r"[\d ]+[はがと]?")  # numbers alone, such as 「1+1は」
NAMED = 0.7  # score from which a word by itself names a matter of ours
HALF_NAMED = 0.45  # and from which it is asked what was meant by it
STRANGER = 1.15  # times as good as ours that something else must be, so that such a word is declined
SAME = 0.99  # likeness from which a wording may be the very same
CLEAR = 1.10  # times as good as its neighbour that the article must be which goes on with the last answer

_FOR_PEOPLE = (Kind.PERSON, Kind.URGENT)

_Got = tuple[Kind, tuple[Found, ...], tuple[str, ...], str]
Learnt = Callable[[str], str | None]


class Finder:
    """Finds in a set of articles, on a day. Building it indexes everything; `decide` is a pure look-up."""

    def __init__(self, articles: Sequence[Article], today: date, kept_in: Path | None = None) -> None:
        """`kept_in` is the folder that keeps the index between starts; without one it is the user's cache."""
        self._articles = {article.id: article for article in articles}
        self._today = today
        self._library = Library(articles, kept_in or keeping.folder())
        self._bars = weights().bars
        self._following = Following(self._articles, self._library)

    def on(self, today: date) -> Finder:
        """The same finder on another day; shares the index."""
        other = object.__new__(Finder)
        other.__dict__.update(self.__dict__, _today=today)
        return other

    def surely(self, bar: float) -> Finder:
        """The same finder that answers from this chance on, 0 to 1; for measuring. Shares the index."""
        other = object.__new__(Finder)
        other.__dict__.update(self.__dict__, _bars={**self._bars, "answer": bar})
        return other

    def article(self, article_id: str) -> Article | None:
        """The article of this id, expired or not."""
        return self._articles.get(article_id)

    def decide(self, question: str, language: str, after: str | None = None, learnt: Learnt | None = None) -> Decision:
        """What a question gets. Never raises.

        `language` is the person's and changes nothing in this version. `after` is the id of the article that was shown
        last, so that a short question may go on with it (「費用は?」). `learnt` tells the article that people confirmed
        for a question in its even form: it settles a choice, and nothing else. The wordings of danger and of a person's
        matters come first: what they name is never searched for, unless it is only mentioned in passing.
        """
        asks = asks_like_question(question)
        heard = safety.alarm(question)
        if heard is not None and not in_passing(question, heard, self._library.look):
            topic = NOT_OURS if heard.care is safety.Care.DECLINE else FOR_A_PERSON
            return Decision(Kind(heard.care.value), (), (topic,), heard.reason, asks)
        if not _LETTER.search(even(question)) or _SUM.fullmatch(even(question)):
            return Decision(Kind.DECLINE, (), (), "unknown" if even(question) else "empty", asks)
        seen = self._library.look(question)
        got, chances = self._decide(question, seen)
        known = learnt(even(question)) if learnt and got[0] is Kind.CHOOSE and learnable(question) else None
        if known is not None and self._alive(known):
            article = self._articles[known]
            got = Kind.ANSWER, (Found(known, article.version, article.topic, 1.0),), (article.topic,), "learnt"
        elif _of_no_matter(question, got):
            got = self._of_the_last(question, after, got)
        elif got[0] in (Kind.CHOOSE, Kind.DECLINE):
            ours = got[3] != "out_of_scope" or (chances is not None and chances.right >= self._bars["choice"])
            on = self._going_on(question, after) if ours else None
            got = on or self._one_by_one(question, seen, chances) or got
        elif got[0] is Kind.ANSWER and sum(wants(part) for part in parts(question)) > 1:
            several = self._one_by_one(question, seen, chances)
            got = several if several is not None and several[3] != "found" else got
        kind, found, codes, reason = got
        also, found = (found[1:], found[:1]) if kind is Kind.ANSWER else ((), found)
        return Decision(kind, found, codes, reason, asks, chances, also)

    def _decide(self, question: str, seen: Seen) -> tuple[_Got, Chances | None]:
        if seen.clues is None:
            return self._unknown(question, seen, ()), None
        if seen.clues.latin and seen.clues.unknown > GIBBERISH:
            return self._unknown(question, seen, ()), None
        chances = weights().chances(seen.clues)
        if chances.person >= max(self._bars["person"], chances.right):
            return _sensitive(danger=seen.danger >= self._bars["danger"]), chances
        elsewhere = chances.elsewhere >= max(self._bars["elsewhere"], min(chances.right, chances.among))
        if (elsewhere and not _names_ours(question, seen) and not hangs(question)) or not seen.ours:
            # What tells of something and asks for nothing that we know is for a person to read.
            if chances.person >= self._bars["perhaps_person"] and chances.elsewhere < STRANGE:
                return (Kind.PERSON, (), (FOR_A_PERSON,), "unease"), chances
            return (Kind.DECLINE, (), (NOT_OURS,), "out_of_scope"), chances
        return self._choose(question, seen, chances), chances

    def _choose(self, question: str, seen: Seen, chances: Chances) -> _Got:
        known = self._known(question, seen)
        best = next((one for one in seen.ours if one.subject == known), seen.ours[0])
        first = self._articles.get(best.subject)
        # An article past its day is not stated, whatever stands beside it.
        if first is not None and first.expired(self._today) and chances.among >= self._bars["choice"]:
            return Kind.PERSON, (self._found(best),), (first.topic,), "expired"
        vague = len(even(question)) <= VAGUE and best.subject != known
        likely = (chances.right >= self._bars["answer"] and chances.elsewhere < DOUBT) or best.subject == known
        sure = likely and not vague and not hangs(question) and not _of_a_neighbour(best, known, first, question)
        if self._alive(best.subject) and first is not None and sure and _named(first, question):
            return Kind.ANSWER, (self._found(best),), (first.topic,), "found"
        offered = self._offered(seen, chances)
        word = vague and best.score >= HALF_NAMED and not seen.uneasy
        if chances.person >= self._bars["leaning"] and chances.among < KNOWN_TOPIC and not word:
            return Kind.PERSON, (), (FOR_A_PERSON,), "unease"
        if not offered or (chances.among < self._bars["choice"] and not word) or best.score < FAINT:
            return self._unknown(question, seen, (self._library.topic(best.subject),))
        return Kind.CHOOSE, offered, tuple(dict.fromkeys(found.topic for found in offered)), "several"

    def _known(self, question: str, seen: Seen) -> str | None:
        """The article that has this very wording, where only one has it."""
        said = even(question)
        near = [
            self._articles[one.subject] for one in seen.ours if one.nearest >= SAME and one.subject in self._articles
        ]
        having = [article.id for article in near if any(even(bare(ask)) == said for ask in article.asks)]
        return having[0] if len(having) == 1 else None

    def _offered(self, seen: Seen, chances: Chances) -> tuple[Found, ...]:
        """At most three articles, one a topic; two of the best topic where only the article is open, not the topic."""
        near = [one for one in seen.ours if one.score >= self._bars["near"] * seen.ours[0].score]
        living = [self._found(one) for one in near if self._alive(one.subject)]
        offered = list[Found]()
        for found in living:
            same = sum(found.topic == other.topic for other in offered)
            if same == 0 or (same == 1 and chances.right >= KNOWN_TOPIC):
                offered.append(found)
        offered += [found for found in living if found not in offered]
        return tuple(sorted(offered[:AT_MOST], key=lambda found: -found.score))

    def _alive(self, subject: str) -> bool:
        article = self._articles.get(subject)
        return article is not None and not article.expired(self._today)

    def _unknown(self, question: str, seen: Seen, codes: tuple[str, ...]) -> _Got:
        if seen.uneasy or (not codes and tells(question)):
            return Kind.PERSON, (), (*codes, FOR_A_PERSON), "unease"
        return Kind.DECLINE, (), codes, "unknown"

    def _of_the_last(self, question: str, after: str | None, got: _Got) -> _Got:
        """What a question gets that names no matter: it is about the last answer's, or about anybody's guess."""
        unknown: _Got = (Kind.DECLINE, (), (), "unknown")
        last = self._articles.get(after) if after else None
        if wants_more(question):
            return unknown if last is None or last.expired(self._today) else self._more(last)
        if last is not None:
            return self._going_on(question, after) or unknown
        return got if got[0] is Kind.CHOOSE else unknown

    def _going_on(self, question: str, after: str | None) -> _Got | None:
        """What the articles beside the last one say to a few words more."""
        last = self._articles.get(after) if after else None
        if last is None or len(even(question)) > SHORT:
            return None
        beside, close = self._following.near(question, last)
        near = [one for one in beside if self._alive(one.subject)][:AT_MOST]
        if not near:
            return None
        if near[0].subject == last.id:
            return self._more(last)
        codes = tuple(dict.fromkeys(self._articles[one.subject].topic for one in near))
        if close and (len(near) == 1 or near[0].score >= CLEAR * near[1].score):
            return Kind.ANSWER, (self._found(near[0]),), codes[:1], "found"
        return Kind.CHOOSE, tuple(self._found(one) for one in near), codes, "several"

    def _more(self, last: Article) -> _Got:
        return Kind.ANSWER, (Found(last.id, last.version, last.topic, 1.0),), (last.topic,), "more"

    def _one_by_one(self, question: str, seen: Seen, chances: Chances | None) -> _Got | None:
        """What a message of several questions gets: the answer to the first that is sure, then the others to offer.

        What is asked on goes on with the answer before it. None where there is one question only, or nothing is sure.
        A person is called for one of them only where the whole message speaks for it a little too, and what a sentence
        by itself is about is believed only where it is near the whole message too.
        """
        whole = chances.person if chances is not None else 1.0
        near = tuple(dict.fromkeys(self._library.topic(one.subject) for one in seen.ours))[:NEAR_TOPICS]
        sure: Found | None = None
        others = list[Found]()
        for part in parts(question):
            got, of_part = self._decide(part, self._library.look(part))
            if got[0] in _FOR_PEOPLE and wants(part) and whole >= self._bars["perhaps_person"]:
                return got
            if sure is not None and hangs(part):
                got = self._of_the_last(part, sure.id, got)
            elif got[1] and got[1][0].topic not in near:
                continue
            if got[0] is Kind.ANSWER and sure is None:
                sure = got[1][0]
            elif got[0] is Kind.ANSWER or (got[0] is Kind.CHOOSE and of_part and of_part.right >= KNOWN_TOPIC):
                others += got[1][:1] if wants(part) else ()
        if sure is None:
            return None
        found = tuple({one.id: one for one in (sure, *others)}.values())[:AT_MOST]
        codes = tuple(dict.fromkeys(one.topic for one in found))
        return Kind.ANSWER, found, codes, "found" if len(found) == 1 else "questions"

    def _found(self, ranked: Ranked) -> Found:
        article = self._articles[ranked.subject]
        return Found(article.id, article.version, article.topic, round(ranked.score, 4))


def _sensitive(*, danger: bool) -> _Got:
    """What a person's matter gets that no wording of safety.toml names: the numbers where it sounds like danger."""
    kind, reason = (Kind.URGENT, "danger") if danger else (Kind.PERSON, "sensitive")
    return kind, (), (FOR_A_PERSON,), reason


def _names_ours(question: str, seen: Seen) -> bool:
    """Whether a word by itself, such as 「銀行」, is one of ours; what was meant by it, the choice asks."""
    clues = seen.clues
    said = even(question)
    if clues is None or len(said) > VAGUE or _DIGIT.search(said) or seen.uneasy:
        return False
    return clues.score >= NAMED and clues.elsewhere < STRANGER


def _of_no_matter(question: str, got: _Got) -> bool:
    """Whether a question names no matter of its own, and what it got leaves it open that it goes on with the last."""
    return wants_more(question) or (hangs(question) and (got[0] not in _FOR_PEOPLE or got[3] == "expired"))


def _of_a_neighbour(best: Ranked, known: str | None, article: Article | None, question: str) -> bool:
    """Whether a question says a word that means a neighbour of the topic, such as 「区の」 of a room."""
    if article is None or best.subject == known:
        return False
    said = plain(question)
    return any(word in said for word in topics()[article.topic].unless)


def _named(article: Article, question: str) -> bool:
    """Whether a question names what an article is about, where it must."""
    said = plain(question)
    return not article.named or any(plain(name) in said for name in article.named)
