"""What people do with LINE on their phones; each act becomes an official webhook event."""

from __future__ import annotations

import re
from typing import Any

from bot.channels.doubles.line import events
from bot.channels.doubles.line.state import Kept, Person, State
from bot.channels.doubles.postman import Event, Posted, Postman
from bot.channels.doubles.screens import Bubble, Face, Screens
from bot.channels.doubles.things import contents

_USER_ID = re.compile(r"U[0-9a-f]{32}")
_PARAM = {10: "date", 5: "time", 16: "datetime"}


class Phones:
    """Every phone that knows our account. `user` is always a LINE user id (see `user_id`), `group` a group's id.

    Each act returns the POST it caused; `.event` in it is the webhook event as sent.
    """

    def __init__(self, state: State, screens: Screens, postman: Postman) -> None:
        self._state, self._screens, self._postman = state, screens, postman

    def meet(self, user: str, name: str, language: str = "ja") -> Person:
        """Give a user a name to be shown as and the language of their phone."""
        person = self._known(user)
        person.name, person.language = name, language
        return person

    async def follow(self, user: str) -> Posted:
        """Add the account as a friend, or unblock it."""
        person = self._known(user)
        back = person.was_friend
        person.friend = person.was_friend = True
        person.blocked = False
        return await self._postman.carry(self._replyable("follow", user, follow={"isUnblocked": back}))

    async def unfollow(self, user: str) -> Posted:
        """Block the account."""
        self._known(user).blocked = True
        self._state.people[user].friend = False
        return await self._postman.carry(self._event("unfollow", user))

    async def say(
        self, user: str, text: str, *, group: str | None = None, mention: bool = False, quoting: str = ""
    ) -> Posted:
        """Write words; `mention` puts the account's name before them and mentions it, as one does in a group.

        `quoting` is the id of a message of the chat, anybody's, that is answered with them.
        """
        fields: dict[str, Any] = {"text": text, **({"quotedMessageId": quoting} if quoting else {})}
        if mention:
            who = {"index": 0, "length": 5, "type": "user", "userId": self._state.bot_id, "isSelf": True}
            fields = {"text": f"@なこうど {text}", "mention": {"mentionees": [who]}}
        return await self._message(user, "text", fields, group=group)

    async def send(
        self, user: str, kind: str, *, group: str | None = None, data: bytes | None = None, **told: Any
    ) -> Posted:
        """Send a sticker, image, video, audio, file or location; `data` is what the content endpoint will give out.

        `told` are fields of the message that are to be otherwise, such as `fileName` or `imageSet`.
        """
        given = contents(kind) if data is None else data
        size = {"fileSize": len(given)} if kind == "file" else {}
        return await self._message(user, kind, {**events.THINGS[kind], **size, **told}, group=group, data=given)

    async def album(self, user: str, *pictures: bytes) -> list[Posted]:
        """Choose several pictures and send them at once: an event for each, which names the set and its place in it."""
        name = self._state.token()
        sets = [{"id": name, "index": n, "total": len(pictures)} for n in range(1, len(pictures) + 1)]
        return [await self.send(user, "image", data=d, imageSet=s) for d, s in zip(pictures, sets, strict=True)]

    def spoil(self, message_id: str) -> None:
        """Let LINE fail to get this video or voice ready."""
        self._state.kept[message_id].spoilt = True

    async def tap(self, user: str, data: str, shown: str | None = None, *, group: str | None = None) -> Posted:
        """Touch a postback button. `shown` appears as the person's own words; by default what the button says."""
        seen = self._seen(group or user, data)
        words = shown if shown is not None else (seen or {}).get("displayText")
        if words:
            self._own(group or user, self._state.message_id(), {"kind": "text", "texts": [words]})
        return await self._postman.carry(self._replyable("postback", user, group, postback={"data": data}))

    async def pick(self, user: str, data: str, value: str) -> Posted:
        """Choose in a date or time picker: `value` is 2026-12-01, 14:30 or 2026-12-01T14:30."""
        postback = {"data": data, "params": {_PARAM[len(value)]: value}}
        return await self._postman.carry(self._replyable("postback", user, postback=postback))

    async def touch(self, user: str, label: str, value: str | None = None) -> Posted | str:
        """Touch the newest visible button with this label and do what the phone does; for a link its address.

        Raises LookupError when nothing on the screen has this label.
        """
        for face in reversed(self._screens.show(user)):
            for seen in [*face["quick"], *face["buttons"]]:
                if seen["label"] == label:
                    return await self._act(user, seen, value)
        raise LookupError(f"no button on the screen says {label!r}")

    async def unsend(self, user: str, message_id: str, *, group: str | None = None) -> Posted:
        """Take a message back."""
        if kept := self._state.kept.get(message_id):
            kept.withdrawn = True
            if bubble := self._screens.find(kept.chat, message_id):
                self._screens.take_away(kept.chat, bubble)
        return await self._postman.carry(self._event("unsend", user, group, unsend={"messageId": message_id}))

    async def join(self, group: str, *members: str) -> Posted:
        """Invite the account into a group of these people."""
        self._state.groups[group] = {self._known(user).id for user in members}
        return await self._postman.carry(self._replyable("join", "", group))

    async def remove(self, group: str) -> Posted:
        """Somebody takes the account out of a group."""
        del self._state.groups[group]
        return await self._postman.carry(self._event("leave", "", group))

    async def come(self, group: str, user: str) -> Posted:
        """Somebody else comes into a group."""
        self._state.groups[group].add(self._known(user).id)
        joined = {"members": [{"type": "user", "userId": user}]}
        return await self._postman.carry(self._replyable("memberJoined", "", group, joined=joined))

    async def go(self, group: str, user: str) -> Posted:
        """Somebody else leaves a group."""
        self._state.groups[group].discard(user)
        left = {"members": [{"type": "user", "userId": user}]}
        return await self._postman.carry(self._event("memberLeft", "", group, left=left))

    def event(self, kind: str, user: str, **fields: Any) -> Event:
        """A well-formed event of any kind with a living reply token, for `raw`; nothing is posted."""
        self._known(user)
        return self._replyable(kind, user, **fields)

    def _known(self, user: str) -> Person:
        if not _USER_ID.fullmatch(user):
            raise ValueError("a LINE user id is U and 32 small hexadecimal digits; user_id(name) makes one")
        return self._state.person(user)

    def _event(self, kind: str, user: str, group: str | None = None, **fields: Any) -> Event:
        now = self._state.clock()
        made = events.event(kind, events.source(user, group), now, events.ulid(now, self._state.chance))
        made.update(fields)
        self._state.events[made["webhookEventId"]] = made
        return made

    def _replyable(self, kind: str, user: str, group: str | None = None, **fields: Any) -> Event:
        return self._event(kind, user, group, replyToken=self._state.grant(group or user), **fields)

    async def _message(
        self, user: str, kind: str, fields: Any, *, group: str | None = None, data: bytes = b""
    ) -> Posted:
        person, state = self._known(user), self._state
        if person.blocked:
            raise ValueError("who has blocked the account cannot write to it")
        if group is None:
            person.wrote_at = state.clock()
        message_id, chat = state.message_id(), group or user
        tokens = {"quoteToken": state.token("q"), "markAsReadToken": state.token("r")}
        state.read_marks[tokens["markAsReadToken"]] = (chat, message_id)
        state.quotable[tokens["quoteToken"]] = (chat, message_id)
        state.kept[message_id] = Kept(chat, kind, data, at=state.clock())
        words = [fields["text"]] if kind == "text" else []
        self._own(chat, message_id, {"kind": kind, "texts": words})
        message = events.content(kind, message_id, tokens, fields)
        return await self._postman.carry(self._replyable("message", user, group, message=message))

    def _own(self, chat: str, bubble_id: str, face: Face) -> None:
        self._screens.put(chat, Bubble(bubble_id, "person", self._state.clock(), face))

    def _seen(self, user: str, data: str) -> Face | None:
        """The newest button with this data that this person was ever shown."""
        for bubble in reversed(self._screens.bubbles(user)):
            if bubble.origin == "bot" and bubble.raw:
                face = self._screens.drawn(bubble)
                offered: list[Face] = [*face["quick"], *face["buttons"]]
                for seen in offered:
                    if seen["data"] == data:
                        return seen
        return None

    async def _act(self, user: str, seen: Face, value: str | None) -> Posted | str:
        match seen["kind"]:
            case "postback":
                return await self.tap(user, seen["data"], seen["displayText"])
            case "message":
                return await self.say(user, seen["text"])
            case "datetimepicker":
                if value is None:
                    raise ValueError("a picker needs a value")
                return await self.pick(user, seen["data"], value)
            case "location":
                return await self.send(user, "location")
            case _:
                return str(seen["uri"])
