"""How long the coordinators' pages take on a database of years, as `tests.bench.age` makes it, over HTTP.

python -m tests.bench.aged URL [--times 60]
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpx2
from sqlalchemy import select

from storage import open_store
from storage.tables import case_file
from tests.bench.age import SECRET
from tests.faults.living import coordinator
from tests.serving import Server

WORDS = ("助成金", "子ども食堂", "会場 見つかり", "報告書の締め切り", "どこにもない言葉", "写真")
LIMIT_MS = {"search": 500.0}
PAGE_MS = 300.0  # of every other page, of twenty calls nineteen


@contextmanager
def desk(url: str) -> Iterator[httpx2.Client]:
    """A coordinator's browser at a server on this database. LINE is not spoken to."""
    server = Server(url, "http://127.0.0.1:9", anew=True)
    server.start()
    cookies = {"nakodo": coordinator(url)}
    try:
        with httpx2.Client(base_url=server.base, cookies=cookies, headers={"sec-fetch-site": "same-origin"}) as web:
            yield web
    finally:
        server.stop()


def some_cases(url: str, count: int) -> list[int]:
    """Numbers of cases, open and closed, from all years."""
    store = open_store(url, SECRET)
    try:
        found = store.read(lambda conn: list(conn.execute(select(case_file.c.id).order_by(case_file.c.id)).scalars()))
    finally:
        store.close()
    return [found[(len(found) - 1) * n // (count - 1)] for n in range(count)]


def calls(web: httpx2.Client, case_id: int, words: str) -> dict[str, Callable[[], httpx2.Response]]:
    """What a coordinator opens all day."""
    return {
        "queue": lambda: web.get("/console?folder=all"),
        "closed": lambda: web.get("/console?folder=closed"),
        "case": lambda: web.get(f"/console/cases/{case_id}"),
        "search": lambda: web.post("/console/search", data={"q": words}, follow_redirects=True),
    }


def measure(url: str, times: int) -> dict[str, list[float]]:
    """Milliseconds of each call of each page."""
    took: dict[str, list[float]] = {}
    which = some_cases(url, times)
    with desk(url) as web:
        for n in range(times):
            for name, ask in calls(web, which[n], WORDS[n % len(WORDS)]).items():
                begun = time.perf_counter()
                answer = ask()
                took.setdefault(name, []).append((time.perf_counter() - begun) * 1000)
                assert answer.status_code == 200, (name, answer.status_code)
    return took


def main() -> None:
    """Print the figures: p50 and p95 of each page, in milliseconds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("--times", type=int, default=60)
    given = parser.parse_args()
    for name, all_of in measure(given.url, given.times).items():
        p95 = statistics.quantiles(all_of, n=20)[-1]
        row = {"page": name, "p50_ms": round(statistics.median(all_of), 1), "p95_ms": round(p95, 1)}
        print(json.dumps(row | {"held": p95 <= LIMIT_MS.get(name, PAGE_MS)}))


if __name__ == "__main__":
    main()
