"""The command line: `nakodo …` or `python -m bot …`."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.start import Only, one_line, refuse_start, settings_or_stop

cli = typer.Typer(
    name="nakodo",
    help="なこうど:市民協働の相談窓口ボット。The chat bot of a citizen-collaboration support centre.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
users = typer.Typer(help="People who work in the console.", no_args_is_help=True)
cli.add_typer(users, name="user")
line = typer.Typer(help="What LINE shows besides words.", no_args_is_help=True)
cli.add_typer(line, name="line")
audits = typer.Typer(help="Who saw and did what.", no_args_is_help=True)
cli.add_typer(audits, name="audit")


@cli.command()
def serve(only: Annotated[Only, typer.Option(help="Run one half only, on PostgreSQL.")] = Only.ALL) -> None:
    """Run the web pages, the doors for LINE and Telegram, the worker and the delivery."""
    from bot.cli.serve import run

    settings = settings_or_stop()
    refuse_start(settings)
    run(settings, only)


@cli.command()
def demo(
    port: Annotated[int, typer.Option(help="Where the pages are.")] = 8000,
    open_browser: Annotated[bool, typer.Option("--open", help="Open the page in the browser.")] = False,
) -> None:
    """Show everything on this machine: a phone, the console, made-up people; nothing leaves it."""
    from bot.cli.demo import run

    run(port, open_browser=open_browser)


@cli.command()
def talk(
    flow: Annotated[str, typer.Argument(help="Begin with this flow.")] = "",
    script: Annotated[Path | None, typer.Option(help="Play these lines instead of typing.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object for each message of the bot.")] = False,
    lang: Annotated[str, typer.Option(help="ja, ja-easy, en, zh or ko.")] = "ja",
) -> None:
    """Chat in the terminal, through the same hear() as every channel."""
    from bot.cli.talk import run

    lines = None
    if script:
        lines = [line for line in script.read_text("utf-8").splitlines() if line.strip() and not line.startswith("#")]
    asyncio.run(run(flow, lines, as_json=as_json, language=lang))


@cli.command()
def ask(
    question: Annotated[list[str] | None, typer.Argument(help="The question.")] = None,
    jsonl: Annotated[bool, typer.Option("--jsonl", help='Read {"q": …, "lang": …} lines, print JSON lines.')] = False,
    lang: Annotated[str, typer.Option(help="ja, ja-easy, en, zh or ko.")] = "ja",
) -> None:
    """Ask what the centre knows, without a conversation."""
    from bot.cli.ask import run

    sys.exit(run(" ".join(question or ()), lang, jsonl=jsonl))


@cli.command()
def evaluate(
    corpus: Annotated[Path | None, typer.Option(help='Lines of {"id", "question", "answer"}.')] = None,
    queries: Annotated[Path | None, typer.Option(help='Lines of {"id", "query", "rel": {"id": grade}}.')] = None,
    judged: Annotated[Path | None, typer.Option(help="Past questions to learn from, lines like the queries.")] = None,
    questions: Annotated[
        Path | None, typer.Option(help='Instead of these, lines of {"q", "topic", "lang"} for our own articles.')
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Measure how well our ranking finds the right answers in any set of questions and answers, or in our own."""
    from bot.cli.evaluate import run, run_own

    if questions is not None:
        sys.exit(run_own(questions, as_json=as_json))
    if corpus is None or queries is None:
        raise typer.BadParameter("give --corpus and --queries, or --questions")
    sys.exit(run(corpus, queries, judged, as_json=as_json))


@cli.command()
def learn(
    forget: Annotated[bool, typer.Option("--forget", help="Unlearn everything, in one step.")] = False,
) -> None:
    """Say what was learnt from people's verdicts on answers, or unlearn it."""
    from bot.cli.learn import run

    sys.exit(run(settings_or_stop(), forget=forget))


@cli.command()
def cards(
    place: Annotated[str, typer.Argument(help="The place in figures and links: a-z, 0-9 and -; or event-NUMBER.")],
    shown: Annotated[str, typer.Argument(help="The place as people call it; an event needs none.")] = "",
    to: Annotated[Path, typer.Option(help="The folder to write into.")] = Path(),
) -> None:
    """Write PDFs to print, with the QR codes of one place or event: a poster (A4), and cards."""
    from bot.cli.cards import run

    sys.exit(run(settings_or_stop(), place, shown, to))


@cli.command()
def show(
    flow: Annotated[str, typer.Argument(help="The flow's name.")],
    mermaid: Annotated[bool, typer.Option("--mermaid", help="As a Mermaid drawing.")] = False,
    lang: Annotated[str, typer.Option(help="ja, ja-easy, en, zh or ko.")] = "ja",
) -> None:
    """Draw a flow: its questions, when they are asked, and their options."""
    from bot.cli.show import run

    sys.exit(run(flow, lang, mermaid=mermaid))


@cli.command()
def doctor() -> None:
    """Say in plain words what is missing for real use."""
    from bot.cli.doctor import run

    sys.exit(run(settings_or_stop()))


@cli.command()
def retention(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would go.")] = False,
) -> None:
    """Say how long what is kept and what goes tonight; without --dry-run it goes now. `serve` does it each night."""
    from bot.cli.retention import run

    settings = settings_or_stop()
    refuse_start(settings, only_database=True)
    with one_line():
        sys.exit(run(settings, dry_run=dry_run))


@cli.command()
def migrate() -> None:
    """Bring the database to this release's shape. `serve` does it too."""
    from storage import migrate as bring

    settings = settings_or_stop()
    refuse_start(settings, only_database=True)
    with one_line():
        bring(settings.database_url)
    typer.echo("データベースを、この版の形にしました。")


@users.command("add")
def user_add(
    login: Annotated[str, typer.Argument(help="The name to sign in with.")],
    name: Annotated[str, typer.Option(help="The name residents see.")] = "",
    role: Annotated[str, typer.Option(help="What they are; the first one of all is a manager unless told.")] = "",
) -> None:
    """Add somebody of the centre and print the link that lets them in once."""
    from bot.cli.users import add

    settings = settings_or_stop()
    refuse_start(settings, only_database=True)
    with one_line():
        sys.exit(add(settings, login, name or login, role))


@users.command("role")
def user_role(
    login: Annotated[str, typer.Argument(help="The name to sign in with.")],
    role: Annotated[str, typer.Argument(help="coordinator, specialist, manager, committee or auditor.")],
) -> None:
    """Make somebody something else at the centre; they must come in anew."""
    from bot.cli.users import change_role

    settings = settings_or_stop()
    refuse_start(settings, only_database=True)
    with one_line():
        sys.exit(change_role(settings, login, role))


@users.command("second")
def user_second(login: Annotated[str, typer.Argument(help="The name to sign in with.")]) -> None:
    """Take somebody's second factor away, when telephone and recovery codes are lost; they must come in anew."""
    from bot.cli.users import drop_second

    settings = settings_or_stop()
    refuse_start(settings, only_database=True)
    with one_line():
        sys.exit(drop_second(settings, login))


@users.command("link")
def user_link(login: Annotated[str, typer.Argument(help="The name to sign in with.")]) -> None:
    """Print a new link that lets somebody in once, and end their old password."""
    from bot.cli.users import link

    settings = settings_or_stop()
    refuse_start(settings, only_database=True)
    with one_line():
        sys.exit(link(settings, login))


@users.command("remove")
def user_remove(login: Annotated[str, typer.Argument(help="The name to sign in with.")]) -> None:
    """Shut somebody out at once; their name stays in the history of cases."""
    from bot.cli.users import remove

    settings = settings_or_stop()
    refuse_start(settings, only_database=True)
    with one_line():
        sys.exit(remove(settings, login))


@users.command("telegram")
def user_telegram(login: Annotated[str, typer.Argument(help="The name to sign in with.")]) -> None:
    """Print a number by which somebody links their Telegram once, for the coordinators' group."""
    from bot.cli.users import telegram

    settings = settings_or_stop()
    refuse_start(settings, only_database=True)
    with one_line():
        sys.exit(telegram(settings, login))


@line.command("sync")
def line_sync(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be done.")] = False,
) -> None:
    """Make LINE's rich menus with their pictures, and take away what is stale; harmless to repeat."""
    from bot.cli.line import sync

    settings = settings_or_stop()
    refuse_start(settings, only_database=True)
    with one_line():
        sys.exit(sync(settings, dry_run=dry_run))


@audits.command("case")
def audit_case(ref: Annotated[str, typer.Argument(help="The reference, such as K7M-4QH2.")]) -> None:
    """Who saw a case, in a list or whole, and who did what to it."""
    from bot.cli.audit import case

    settings = settings_or_stop()
    refuse_start(settings, only_database=True)
    with one_line():
        sys.exit(case(settings, ref))


@audits.command("between")
def audit_between(
    start: Annotated[str, typer.Argument(help='Such as "2026-11-22 10:00", on the centre\'s clock.')],
    end: Annotated[str, typer.Argument(help='Such as "2026-11-22 10:40".')],
) -> None:
    """Which residents were affected between two moments: whose cases were seen or touched, and by whom."""
    from bot.cli.audit import between

    settings = settings_or_stop()
    refuse_start(settings, only_database=True)
    with one_line():
        sys.exit(between(settings, start, end))


@audits.command("check")
def audit_check() -> None:
    """Whether the record is as it was written."""
    from bot.cli.audit import check

    settings = settings_or_stop()
    refuse_start(settings, only_database=True)
    with one_line():
        sys.exit(check(settings))


def main() -> None:
    """Entry point."""
    cli()


if __name__ == "__main__":
    main()
