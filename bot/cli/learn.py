"""`nakodo learn`: what was learnt from people's verdicts, and how to unlearn it."""

from __future__ import annotations

from collections import Counter

import typer

from bot.settings import Settings
from storage import learned, migrate, open_store


def run(settings: Settings, *, forget: bool) -> int:
    """Print how many questions were learnt and for which articles; with `forget` everything is unlearnt at once."""
    migrate(settings.database_url)
    store = open_store(settings.database_url, settings.secret_key.get_secret_value())
    try:
        if forget:
            number = store.writer.submit(learned.forget_all).result()
            typer.echo(f"学んだことを、すべて消しました。({number}件)")
            return 0
        articles = Counter(store.read(learned.confirmed))
    finally:
        store.close()
    typer.echo(f"確かめられた質問:{sum(articles.values())}件" + ("" if settings.learn else "(いまは使っていません)"))
    for article, number in sorted(articles.items()):
        typer.echo(f"  {article} {number}")
    return 0
