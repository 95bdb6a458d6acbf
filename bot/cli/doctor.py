"""`nakodo doctor`: says in plain words what is missing for real use."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from rich.console import Console

from bot.adapters import line_access
from bot.app import make_book, now
from bot.cli.start import MIN_SECRET
from bot.living import Living, Restocking, living_by
from bot.purse import COUNTED, Reserves
from bot.rulebook import Rulebook
from bot.settings import Settings
from bot.trial import kept
from bot.web import staff_door
from bot.web.console.words import word
from bot.web.line_door import BACK
from dialogs.flow import FlowWrong
from dialogs.words import WordsWrong
from knowledge import glossary, shelf
from knowledge.answer import day_in_words
from knowledge.article import Article
from knowledge.emergency import BrokenEmergency
from knowledge.hours import WrongHours
from storage import StorageDown, Store, WrongKey, open_store, pushes

SAFE_SQLITE = (3, 51, 3)  # earlier releases can reset the log when two connections write and checkpoint at once
SOON = timedelta(days=60)


@dataclass(frozen=True)
class Finding:
    """One thing looked at. `grave` means that real use must not begin before it is mended."""

    well: bool
    said: str
    grave: bool = False


def run(settings: Settings) -> int:
    """Print every finding; 1 when something grave is missing."""
    console = Console(highlight=False)
    book, broken = _book()
    findings = [*_secrets(settings), *_channels(settings), *_place(settings), *_database(settings, book), *broken]
    findings += [*_knowledge(now().date()), *(_centre(book) if book else ())]
    for one in findings:
        mark = "[green]✔[/]" if one.well else "[red]✘[/]" if one.grave else "[yellow]![/]"
        console.print(mark, one.said, markup=True)
    grave = [one for one in findings if one.grave and not one.well]
    console.print(f"\n本番の前に必要なこと:{len(grave)}件" if grave else "\n本番で使えます。")
    return 1 if grave else 0


def _secrets(settings: Settings) -> Iterator[Finding]:
    long_enough = len(settings.secret_key.get_secret_value()) >= MIN_SECRET
    yield Finding(
        long_enough,
        "秘密の鍵があります。別の場所にも控えてください。"
        if long_enough
        else f"NAKODO_SECRET_KEY がありません。{MIN_SECRET}文字以上の鍵を作って入れてください。",
        grave=True,
    )


def _channels(settings: Settings) -> Iterator[Finding]:
    line = bool(settings.line_channel_secret.get_secret_value() and line_access(settings))
    yield Finding(
        line,
        "LINEの鍵とトークンがあります。"
        if line
        else "LINEはまだ使えません。NAKODO_LINE_CHANNEL_SECRET と、NAKODO_LINE_CHANNEL_ID か NAKODO_LINE_ACCESS_TOKEN "
        "のどちらかを入れてください。",
    )
    login = settings.line_login_channel_id, settings.line_login_channel_secret.get_secret_value()
    if any(login):
        yield Finding(
            all(login) and line,
            "個人のページを開く人を、LINEで確かめます。コールバックURLは "
            f"{str(settings.public_url).rstrip('/')}{BACK} です。"
            if all(login) and line
            else "NAKODO_LINE_LOGIN_CHANNEL_ID と NAKODO_LINE_LOGIN_CHANNEL_SECRET は、両方と、LINEの鍵が必要です。"
            "いまは、リンクだけで個人のページが開きます。",
        )
    oidc = settings.oidc_issuer, settings.oidc_client_id, settings.oidc_client_secret.get_secret_value()
    if any(oidc):
        yield _oidc(settings)
    telegram = bool(settings.telegram_token.get_secret_value())
    yield Finding(
        telegram, "Telegramのトークンがあります。" if telegram else "Telegramは使いません(NAKODO_TELEGRAM_TOKEN が空)。"
    )
    if telegram:
        guarded = bool(settings.telegram_webhook_secret.get_secret_value())
        yield Finding(guarded, "Telegramの合言葉(NAKODO_TELEGRAM_WEBHOOK_SECRET)", grave=True)
    if not line and not telegram:
        yield Finding(True, "いまは、ウェブの相談ページだけで動きます。")


def _oidc(settings: Settings) -> Finding:
    if not staff_door.offered(settings):
        names = "NAKODO_OIDC_ISSUER、NAKODO_OIDC_CLIENT_ID、NAKODO_OIDC_CLIENT_SECRET"
        return Finding(False, f"{names} は、3つとも必要です。いまは、区の職員アカウントではログインできません。")
    there = asyncio.run(staff_door.described(settings)) is not None
    back = str(settings.public_url).rstrip("/") + staff_door.BACK
    return Finding(
        there,
        f"区の職員アカウントでログインできます。リダイレクトURIは {back} です。"
        if there
        else f"区のログイン({settings.oidc_issuer})から、設定(.well-known/openid-configuration)が読めません。",
    )


def _place(settings: Settings) -> Iterator[Finding]:
    safe = settings.public_url.scheme == "https"
    yield Finding(
        safe,
        f"公開の住所は https です({settings.public_url.host})。"
        if safe
        else "NAKODO_PUBLIC_URL が https ではありません。LINEも個人のページも、https でなければ使えません。",
        grave=True,
    )


def _database(settings: Settings, book: Rulebook | None) -> Iterator[Finding]:
    secret = settings.secret_key.get_secret_value()
    if settings.database_url.startswith("sqlite"):
        new = sqlite3.sqlite_version_info >= SAFE_SQLITE
        note = "" if new else "。この版では書く人を1つに限って使います"
        yield Finding(True, f"データベースは SQLite {sqlite3.sqlite_version} です{note}。")
    if len(secret) < MIN_SECRET:
        return
    try:
        store = open_store(settings.database_url, secret)
        try:
            found = [*pushes_of(store, settings, now()), *(_set(store, book) if book else ())]
            found += _desk(store, book, now()) if book else ()
        finally:
            store.close()
    except WrongKey:
        yield Finding(False, "NAKODO_SECRET_KEY が、このデータベースのものと違います。", grave=True)
    except (StorageDown, ValueError):
        yield Finding(False, "データベースが開けません。NAKODO_DATABASE_URL を確かめてください。", grave=True)
    except Exception as other:  # noqa: BLE001 - the doctor must not fall ill: an empty database has no tables yet
        yield Finding(False, f"データベースがまだ空です({type(other).__name__})。`nakodo migrate` をしてください。")
    else:
        yield Finding(True, "データベースが開けて、鍵も合っています。")
        yield from found


def pushes_of(store: Store, settings: Settings, at: datetime) -> Iterator[Finding]:
    """How much of LINE's month is left, as far as LINE told, and whether the reserves leave anything for replies."""
    if not line_access(settings):
        return
    month = store.read(lambda conn: pushes.month(conn, COUNTED, at))
    if month is None:
        yield Finding(True, "LINEの送信数は、サーバーが動いてから分かります。")
        return
    reserves = Reserves(settings.line_reserve_emergencies, settings.line_reserve_reminders)
    room, waits = reserves.room(month), sum(one.parcels for one in store.read(pushes.waiting))
    if room is None:
        yield Finding(True, f"LINEの送信数:今月{month.used}通。上限はありません。")
        return
    yield Finding(
        room > 0,
        f"LINEの送信数:今月{month.used}通、上限{month.most}通、返事に使える残り{room}通"
        f"(取っておく数 {reserves.emergencies}+{reserves.reminders}通)。待っている返事{waits}通。",
    )
    if month.most is not None and month.most <= reserves.emergencies + reserves.reminders:
        yield Finding(
            False,
            "取っておく数(NAKODO_LINE_RESERVE_EMERGENCIES と NAKODO_LINE_RESERVE_REMINDERS)が月の上限以上です。"
            "返事がいつも待つことになります。数を減らすか、LINEの料金プランを変えてください。",
        )


def written(store: Store, living: Living, at: datetime) -> Iterator[Finding]:
    """What the centre wrote itself: what of it cannot be shown, what a release changed, and how its test set fares."""
    Restocking(store, living, lambda: at).now()
    stock = living.stock
    if not stock.revision:
        return
    left = "、".join(f"{one.name}({one.why})" for one in stock.left)
    yield Finding(
        not left,
        f"センターが書いた答えのうち、読めないため案内していないもの:{left}。コンソールの「答えの編集」で直してください。"
        if left
        else "センターが書いた答えは、すべて読めます。",
    )
    if stock.renewed:
        names = "、".join(stock.renewed)
        yield Finding(False, f"なこうどの新しい版で元の文が変わった答え:{names}。コンソールで読みくらべてください。")
    fine = kept(living.shelf, stock.tests, at.date())
    if fine.asked:
        wrong = "".join(f"\n   {question} → {title}" for question, title in fine.wrong)
        yield Finding(
            not fine.wrong, f"確かめる質問{fine.asked}件のうち、{fine.right}件が正しい答えになります。{wrong}"
        )


def _desk(store: Store, book: Rulebook, at: datetime) -> Iterator[Finding]:
    try:
        living = living_by(book, shelf.load(), at.date())
    except shelf.BrokenArticle:  # said of the content itself
        return
    yield from written(store, living, at)


def _book() -> tuple[Rulebook | None, list[Finding]]:
    """What is shipped, with a finding of whether it is whole."""
    try:
        return make_book(), [Finding(True, "会話の流れと言葉は、すべてそろっています。")]
    except (FlowWrong, WordsWrong, WrongHours, BrokenEmergency) as wrong:
        return None, [Finding(False, str(wrong), grave=True)]


def _set(store: Store, book: Rulebook) -> Iterator[Finding]:
    """What was set in the console and cannot be used; from here on the book says what holds."""
    book.look(store)
    for one in book.passed:
        name, why = word("settings.part_" + one.part.value), one.why
        yield Finding(
            False,
            f"「センターの設定」の{name}の第{one.number}版が使えません({why})。前の版で動いています。",
            grave=True,
        )


def _centre(book: Rulebook) -> Iterator[Finding]:
    centre = book.now.centre
    example = centre.example
    yield Finding(
        not example,
        "開館時間が、見本のままです。 コンソールの「センターの設定」で直してください。"
        if example
        else "開館時間は、センターのものです。",
        grave=True,
    )
    told = {"電話(phone)": centre.phone, "住所(address)": centre.address, "メール(mail)": centre.mail}
    unset = [name for name, value in told.items() if not value]
    yield Finding(
        not unset,
        f"{'、'.join(unset)}が ありません。きかれても答えられません。 「センターの設定」に、本番の前に入れてください。"
        if unset
        else "電話、住所、メールがあります。",
    )


def _knowledge(today: date) -> Iterator[Finding]:
    try:
        articles = shelf.load()
        words = glossary.load({article.id for article in articles})
    except (shelf.BrokenArticle, glossary.BrokenGlossary) as broken:
        yield Finding(False, str(broken), grave=True)
        return
    yield from answers(articles, today)
    yield Finding(True, f"用語は{len(words.terms)}語。")


def answers(articles: Sequence[Article], today: date) -> Iterator[Finding]:
    """Which answers are past their day and not shown any more, and how many must be checked within 60 days."""
    old = [article.id for article in articles if article.expired(today)]
    soon = sorted(article.review_by for article in articles if today <= article.review_by <= today + SOON)
    expired = f"期限が切れて案内していないもの{len(old)}件:{'、'.join(old)}" if old else "期限切れはありません。"
    yield Finding(not old, f"答えは{len(articles)}件。{expired}")
    if soon:
        first = day_in_words(soon[0].isoformat(), "ja")
        yield Finding(False, f"{SOON.days}日以内に見直す答え:{len(soon)}件(いちばん早い期限は{first})")
