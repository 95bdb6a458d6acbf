"""What is wrong with an answer, as a value that is said to the person, never raised."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Problem:
    """`code` is a key of [problem] in every words file; `values` fill its placeholders.

    `half` is what was understood all the same, a day or a time in ISO 8601, to be put together with the next words.
    """

    code: str
    values: Mapping[str, str | int] = field(default_factory=dict)
    half: str = field(default="", compare=False)
