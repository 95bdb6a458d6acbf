"""Reads every number out of texts in five languages, so that they can be compared."""

from __future__ import annotations

import re
import unicodedata
from calendar import month_name

from knowledge.plain import bare

MONTHS = list(month_name)[1:]


def figures(*texts: str) -> set[str]:
    """Every number of some texts, with 11万2千, 11만 2천 and 112,000 the same, and months as numbers."""
    text = unicodedata.normalize("NFKC", bare(" ".join(texts)))
    text = re.sub(r"(?<=\d),(?=\d{3})", "", text)
    text = re.sub("|".join(MONTHS), lambda found: str(MONTHS.index(found.group()) + 1), text)
    text = re.sub(r"(\d+) ?[万만] ?(\d+)[千천]", lambda found: str(int(found[1]) * 10000 + int(found[2]) * 1000), text)
    text = re.sub(r"(\d+)[万만]", lambda found: str(int(found[1]) * 10000), text)
    text = re.sub(r"(\d+)[千천]", lambda found: str(int(found[1]) * 1000), text)
    return set(re.findall(r"\d+", text))
