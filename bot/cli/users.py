"""People of the centre from the command line: who may come in, as what, and by which one-time link or number."""

from __future__ import annotations

from collections.abc import Callable

import typer
from sqlalchemy import Connection

from bot.app import now
from bot.invite import LASTS, address
from bot.settings import Settings
from storage import Store, audit, linking, migrate, open_store, passkeys, seconds, staff
from storage.audit import Entry, What
from storage.staff import Role


def add(settings: Settings, login: str, name: str, told: str = "") -> int:
    """Add somebody and print their link; 1 when the login is taken or there is no such role.

    The first of all becomes a manager, or nobody could invite the others.
    """
    if not _known(told):
        return 1
    migrate(settings.database_url)
    store = open_store(settings.database_url, settings.secret_key.get_secret_value())
    try:
        new = store.writer.submit(lambda conn: _add(conn, store, (login, name), told)).result()
        if new is None:
            typer.echo(f"「{login}」は、もう使われています。", err=True)
            return 1
        return _print_link(settings, store, new)
    finally:
        store.close()


def change_role(settings: Settings, login: str, told: str) -> int:
    """Make somebody something else; 1 when nobody has that login or there is no such role."""
    if not told or not _known(told):
        return 1
    said = f"「{login}」の役割を変えました。もう一度ログインしてもらってください。"
    return _alter(settings, login, What.ROLE, lambda conn, of: staff.set_role(conn, of, Role(told)), said)


def drop_second(settings: Settings, login: str) -> int:
    """Take somebody's second factor away and end their sessions; 1 when nobody has that login."""

    def deed(conn: Connection, staff_id: int) -> None:
        seconds.drop(conn, staff_id)
        passkeys.drop(conn, staff_id)
        staff.shut_out(conn, staff_id)

    return _alter(settings, login, What.NO_SECOND, deed, f"「{login}」の2段階のログインを外しました。")


def link(settings: Settings, login: str) -> int:
    """Print a new link for somebody, whose old password and sessions end; 1 when nobody has that login."""
    store = open_store(settings.database_url, settings.secret_key.get_secret_value())
    try:
        member = store.read(lambda conn: staff.by_login(conn, login))
        if member is None:
            typer.echo(f"「{login}」という人は、いません。", err=True)
            return 1
        _change(store, member.id, What.LINKED, lambda conn: staff.set_password(conn, member.id, None))
        return _print_link(settings, store, member.id)
    finally:
        store.close()


def remove(settings: Settings, login: str) -> int:
    """Shut somebody out at once; the name stays in the history. 1 when nobody has that login."""
    said = f"「{login}」は、もう入れません。"
    return _alter(settings, login, What.REMOVED, lambda conn, of: staff.set_active(conn, of, False), said)


def _alter(settings: Settings, login: str, what: What, deed: Callable[[Connection, int], None], said: str) -> int:
    store = open_store(settings.database_url, settings.secret_key.get_secret_value())
    try:
        member = store.read(lambda conn: staff.by_login(conn, login))
        if member is None:
            typer.echo(f"「{login}」という人は、いません。", err=True)
            return 1
        _change(store, member.id, what, lambda conn: deed(conn, member.id))
        typer.echo(said)
        return 0
    finally:
        store.close()


def _known(told: str) -> bool:
    known = [role.value for role in Role if role is not Role.SYSTEM]
    if told and told not in known:
        typer.echo(f"役割は {', '.join(known)} のどれかです。", err=True)
        return False
    return True


def telegram(settings: Settings, login: str) -> int:
    """Print a number that links a member's Telegram; 1 when nobody has that login."""
    store = open_store(settings.database_url, settings.secret_key.get_secret_value())
    try:
        member = store.read(lambda conn: staff.by_login(conn, login))
        if member is None or not member.active:
            typer.echo(f"「{login}」という人は、いません。", err=True)
            return 1
        code = store.writer.submit(lambda conn: _code(conn, store, member.id)).result()
        typer.echo("Telegram でボットかグループに、30分以内に一度、こう書いてもらってください:")
        typer.echo(f"/staff {code}")
        return 0
    finally:
        store.close()


def _code(conn: Connection, store: Store, staff_id: int) -> str:
    audit.add(conn, store.vault, [Entry(None, What.CODED, about=staff_id)], now())
    return linking.make_code(conn, staff_id, now())


def _add(conn: Connection, store: Store, named: tuple[str, str], told: str) -> int | None:
    first = not staff.everybody(conn)
    new = staff.add(conn, *named, Role(told or (Role.MANAGER if first else Role.COORDINATOR)), now())
    if new is not None:
        audit.add(conn, store.vault, [Entry(None, What.ADDED, about=new)], now())
    return new


def _change(store: Store, about: int, what: What, deed: Callable[[Connection], None]) -> None:
    def job(conn: Connection) -> None:
        deed(conn)
        audit.add(conn, store.vault, [Entry(None, what, about=about)], now())

    store.writer.submit(job).result()


def _print_link(settings: Settings, store: Store, staff_id: int) -> int:
    token = store.writer.submit(lambda conn: staff.make_link(conn, staff_id, now(), LASTS)).result()
    typer.echo("このリンクで、24時間以内に一度だけ入れます:")
    typer.echo(address(settings, token))
    return 0
