"""`nakodo talk`: a chat in the terminal through the same hear() as every channel, on a database that is thrown away."""

from __future__ import annotations

import asyncio
import json
import tempfile
import uuid
from pathlib import Path
from typing import Any

import typer
from pydantic import SecretStr

from bot.app import Parts, assemble, close, now
from bot.channels.terminal import TerminalChannel
from bot.ports import Arrived
from bot.settings import Settings
from dialogs.heard import Came, Heard, Tapped, Typed
from dialogs.saying import Message
from dialogs.session import Session
from dialogs.tap import LanguageTap, StartTap
from dialogs.words import bracketed
from storage import migrate, people, talk
from storage.talk import Way

ADDRESS = "talk"


class Chat:
    """One person at the terminal."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._last = 0
        self.buttons: dict[str, str] = {}

    async def hear(self, heard: Heard) -> list[Message]:
        """What the bot says to this."""
        at = self._parts.clock()
        await self._parts.ingress.receive([Arrived("terminal", uuid.uuid4().hex, ADDRESS, at, heard)])
        farewells = [message for one in (await self._parts.ear.round()).farewells for message in one.messages]
        messages = farewells or self._said()
        for message in messages:
            self.buttons.update({bracketed(button.label): button.tap for button in message.buttons})
        return messages

    def _said(self) -> list[Message]:
        """What the talk holds that was not read yet."""
        store = self._parts.store
        contact = store.read(lambda conn: people.known(conn, store.vault, [("terminal", ADDRESS)]))
        who = contact.get(("terminal", ADDRESS))
        if who is None:
            return []
        said = store.read(lambda conn: talk.of_person(conn, store.vault, who.person_id, self._last))
        self._last = max((line.id for line in said), default=self._last)
        return [Message.from_json(line.body) for line in said if line.way is Way.OUT and line.body]

    def session(self) -> Session:
        """Where the conversation stands."""
        store = self._parts.store
        contact = store.read(lambda conn: people.known(conn, store.vault, [("terminal", ADDRESS)]))
        ids = [one.person_id for one in contact.values()]
        found = store.read(lambda conn: people.load(conn, store.vault, ids))
        return Session.from_json(next(iter(found.values())).session if found else None)

    def as_json(self, message: Message) -> dict[str, Any]:
        """A message as `--json` prints it."""
        session = self.session()
        flow = self._parts.mind.house.flows.get(session.flow or "")
        question = flow.current(session.answers, session.reopened) if flow else None
        return {
            "text": bracketed(message.text),
            "buttons": [{"label": bracketed(one.label), "tap": one.tap} for one in message.buttons],
            "flow": session.flow,
            "question": question.key if question else None,
            "language": session.language,
        }


async def run(flow: str, script: list[str] | None, *, as_json: bool, language: str) -> None:
    """Talk until the input ends."""
    with tempfile.TemporaryDirectory(prefix="nakodo-") as folder:
        settings = Settings(
            database_url=f"sqlite:///{Path(folder) / 'talk.db'}",
            secret_key=SecretStr(uuid.uuid4().hex * 2),
        )
        migrate(settings.database_url)
        parts = assemble(settings, clock=now)
        try:
            await _converse(Chat(parts), flow, script, as_json=as_json, language=language)
        finally:
            await close(parts)


async def _converse(chat: Chat, flow: str, script: list[str] | None, *, as_json: bool, language: str) -> None:
    screen = TerminalChannel()

    async def say(heard: Heard) -> None:
        messages = await chat.hear(heard)
        if as_json:
            for message in messages:
                typer.echo(json.dumps(chat.as_json(message), ensure_ascii=False))
        else:
            screen.show(messages)

    for heard in _beginning(flow, language):
        await say(heard)
    if script is None:
        while (line := await asyncio.to_thread(_typed)) is not None:
            await say(screen.heard(line))
        return
    for line in script:
        await say(_scripted(chat, line))


def _beginning(flow: str, language: str) -> list[Heard]:
    heard: list[Heard] = [Came()]
    if language != "ja":
        heard.append(Tapped(str(LanguageTap(language))))
    if flow:
        heard += [Tapped("m:consent"), Tapped(str(StartTap(flow)))]
    return heard


def _typed() -> str | None:
    try:
        return input("> ")
    except (EOFError, KeyboardInterrupt):
        return None


def _scripted(chat: Chat, line: str) -> Heard:
    """`>> label` taps a button (or sends that raw tap); `> words` and plain lines are typed."""
    if line.startswith(">> "):
        label = line[3:].strip()
        return Tapped(chat.buttons.get(label, label))
    return Typed(line.removeprefix("> ").replace("\\n", "\n"))
