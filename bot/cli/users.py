"""`nakodo user add`, `link`, `telegram` and `remove`: who may come in, and by which one-time link or number."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import typer
from sqlalchemy import Connection

from bot.app import now
from bot.settings import Settings
from storage import Store, audit, linking, migrate, open_store, staff
from storage.audit import Entry, What
from storage.staff import Role

LASTS = timedelta(hours=24)


def _address(settings: Settings, token: str) -> str:
    return f"{str(settings.public_url).rstrip('/')}/login/once?t={token}"


def add(settings: Settings, login: str, name: str) -> int:
    """Add a coordinator and print their link; 1 when the login is taken."""
    migrate(settings.database_url)
    store = open_store(settings.database_url, settings.secret_key.get_secret_value())
    try:
        new = store.writer.submit(lambda conn: _add(conn, store, login, name)).result()
        if new is None:
            typer.echo(f"「{login}」は、もう使われています。", err=True)
            return 1
        return _print_link(settings, store, new)
    finally:
        store.close()


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
    store = open_store(settings.database_url, settings.secret_key.get_secret_value())
    try:
        member = store.read(lambda conn: staff.by_login(conn, login))
        if member is None:
            typer.echo(f"「{login}」という人は、いません。", err=True)
            return 1
        _change(store, member.id, What.REMOVED, lambda conn: staff.set_active(conn, member.id, False))
        typer.echo(f"「{login}」は、もう入れません。")
        return 0
    finally:
        store.close()


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


def _add(conn: Connection, store: Store, login: str, name: str) -> int | None:
    new = staff.add(conn, login, name, Role.COORDINATOR, now())
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
    typer.echo(_address(settings, token))
    return 0
