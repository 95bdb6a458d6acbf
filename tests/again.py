"""Says how many tests of a run failed, where they are few enough to be tried once more alone: .ci/run asks.

python -m tests.again REPORT.xml
"""

from __future__ import annotations

import sys
from pathlib import Path
from xml.etree import ElementTree as ET

AT_MOST = 3


def failed(report: str) -> int | None:
    """How many tests failed, None where that may not be looked over: none did, too many, or the run has no end.

    `report` is the JUnit text that pytest writes when a run has ended.
    """
    try:
        suites = list(ET.fromstring(report).iter("testsuite"))  # noqa: S314 - our own run wrote it
    except ET.ParseError:
        return None
    many = sum(int(one.get(kind, "0")) for one in suites for kind in ("failures", "errors"))
    return many if 0 < many <= AT_MOST else None


def main() -> None:
    """Print the number; leave with 1 where there is nothing to be tried again."""
    many = failed(Path(sys.argv[1]).read_text(encoding="utf-8"))
    if many is None:
        raise SystemExit(1)
    sys.stdout.write(f"{many}\n")


if __name__ == "__main__":
    main()
