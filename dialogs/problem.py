"""What is wrong with an answer, as a value that is said to the person, never raised."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Problem:
    """`code` is a key of [problem] in every words file; `values` fill its placeholders."""

    code: str
    values: Mapping[str, str | int] = field(default_factory=dict)
