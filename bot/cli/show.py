"""`nakodo show FLOW`: a flow drawn as text or as a Mermaid chart."""

from __future__ import annotations

import typer

from dialogs import show
from dialogs.flows import ALL
from dialogs.words import library


def run(flow: str, language: str, *, mermaid: bool) -> int:
    """Print the drawing; 1 when there is no such flow or language."""
    books = library()
    if flow not in ALL or language not in books:
        typer.echo(f"flows: {', '.join(ALL)}; languages: {', '.join(books)}", err=True)
        return 1
    draw = show.mermaid if mermaid else show.text
    typer.echo(draw(ALL[flow], books[language]))
    return 0
