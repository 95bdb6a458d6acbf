"""Goes on from the article that was shown last: which of those beside it a few words more are about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from knowledge.article import Article
from knowledge.asking import hangs
from knowledge.index import Ranked
from knowledge.library import Library
from knowledge.plain import bare
from knowledge.weighing import weights

DEEP = 200  # subjects that a question is held against which names none: hundreds cost something, or have a deadline
HEARD = 0.3  # score from which such a question is about what an article says
BESIDE = 0.6  # of the best of all, for a question that names a matter
BY_ITSELF = 1.0  # score from which a question names its matter so well that what stands beside the last hardly counts
HARDLY = 0.8  # of the best of all, then
FITS = 0.4  # of the best, for how it fits the last article


class Following:
    """Knows which articles stand beside which; `near` is a pure look-up."""

    def __init__(self, articles: Mapping[str, Article], library: Library) -> None:
        self._articles = articles
        self._library = library
        self._near = weights().bars["near"]

    def near(self, question: str, last: Article) -> tuple[list[Ranked], bool]:
        """The articles beside the last one that the question is about, best first, the last itself among them.

        They must answer to the question by itself, and fit the last one: two tests, for a word alone fits many. The
        other value says whether they stand so near that the best of them may be the answer.
        """
        hanging = hangs(question)
        said = {one.subject: one for one in self._library.index.rank(question, DEEP).best}
        best = max((one.score for one in said.values()), default=0.0)
        beside = HARDLY if best >= BY_ITSELF else BESIDE
        least, fits = (HEARD, FITS) if hanging else (beside * best, self._near)
        both = self._library.look(f"{bare(last.words['ja'].title)} {question}").ours
        fit = [
            replace(one, score=one.score * said[one.subject].score)
            for one in both
            if one.subject in said and said[one.subject].score >= least
            if one.score >= fits * both[0].score and (hanging or one.subject != last.id)
        ]
        fit.sort(key=lambda one: (-one.score, one.subject))
        same, wider = self._beside(last)
        near = [one for one in fit if one.subject in same]
        return (near, True) if near else ([one for one in fit if one.subject in wider], False)

    def _beside(self, last: Article) -> tuple[set[str], set[str]]:
        """The articles of the same topic and those read with this one; then those read with any of them."""
        same = [one for one in self._articles.values() if one.topic == last.topic]
        ids = {one.id for one in same}
        return ids.union(last.related), ids.union(*(one.related for one in same))
