"""What people do with Telegram on their phones; each act becomes an official update."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from bot.channels.doubles.postman import Posted, Postman
from bot.channels.doubles.screens import Bubble, Face
from bot.channels.doubles.telegram.state import Chat, Json, State, Tap
from bot.channels.doubles.telegram.updates import SAME, member, path, placed, thing, words
from bot.channels.doubles.telegram.web_app import init_data
from bot.channels.doubles.things import contents

BLOCKED = "bot was blocked by the user"


class Phones:
    """Every phone that knows our bot. `user` is a Telegram user id; each act returns the POST it caused."""

    def __init__(self, state: State, postman: Postman) -> None:
        self._state, self._postman = state, postman

    def meet(self, user: int, name: str, language: str = "ja") -> Chat:
        """Give a user a name and the language of their phone, without a word to the bot."""
        chat = self._state.person(user)
        chat.name, chat.language = name, language
        return chat

    def group(self, chat_id: int, title: str, *, forum: bool = False) -> Chat:
        """A supergroup with our bot in it; ids of groups are negative."""
        self._state.chats[chat_id] = Chat(chat_id, "supergroup", title, forum=forum)
        return self._state.chats[chat_id]

    async def start(self, user: int, payload: str = "") -> Posted:
        """Press START, by a link with `payload` or without; who had blocked the bot unblocks it by this."""
        if self._state.person(user).gone:
            await self.unblock(user)
        return await self.say(user, f"/start {payload}".rstrip())

    async def say(
        self, user: int, text: str, *, chat: int | None = None, thread: int | None = None, under: int = 0
    ) -> Posted:
        """Write words, in private or in a group and one of its topics, perhaps as a reply to the message `under`."""
        answered = self._answered(user if chat is None else chat, under or thread or 0)
        face = {"kind": "text", "texts": [text]}
        return await self._message(user, {**words(text), **answered}, face, placing=(chat, thread))

    async def send(
        self, user: int, kind: str, *, chat: int | None = None, data: bytes | None = None, **told: Any
    ) -> Posted:
        """Send a sticker, photo, video, voice, document or location (or LINE's names for them).

        `told` are fields of the message besides the thing, such as `caption`, and `file_name` of a document.
        """
        name = SAME.get(kind, kind)
        given, file_name = contents(name) if data is None else data, told.pop("file_name", None)
        file_id = f"F{self._state.chance.getrandbits(64):016x}"
        if name != "location":
            self._state.files[file_id] = (path(name, file_id), given)
        carried = thing(name, file_id, len(given))
        if file_name is not None:
            carried[name]["file_name"] = file_name
        return await self._message(user, {**carried, **told}, {"kind": name}, placing=(chat, None))

    async def press(self, user: int, message_id: int, data: str, *, chat: int | None = None) -> Posted:
        """Touch a button under a message; the message may be long gone, the data forged."""
        place = self._state.person(user) if chat is None else self._state.chats[chat]
        query_id = str(self._state.chance.getrandbits(62))
        self._state.taps[query_id] = Tap(user, self._state.clock())
        bubble = self._state.screens.find(str(place.id), str(message_id))
        gone: Json = {"chat": place.json(), "message_id": message_id, "date": 0}
        query: Json = {
            "id": query_id,
            "from": self._state.person(user).user(),
            "message": bubble.raw if bubble and bubble.origin == "bot" and bubble.raw else gone,
            "chat_instance": str(place.id),
            "data": data,
        }
        return await self._update("callback_query", query)

    async def tap(self, user: int, data: str) -> Posted:
        """Touch the newest button with this data, or forge one under the newest message."""
        bubbles = [each for each in self._state.screens.bubbles(str(user)) if each.origin == "bot" and each.raw]
        for bubble in reversed(bubbles):
            if any(seen["data"] == data for seen in self._state.screens.drawn(bubble)["buttons"]):
                return await self.press(user, int(bubble.id), data)
        return await self.press(user, int(bubbles[-1].id) if bubbles else 1, data)

    async def touch(self, user: int, label: str) -> Posted | str:
        """Touch the newest visible button with this label and do what the phone does; for a link its address.

        A web app's address ends in what Telegram tells the page, behind a # that no server sees.
        Raises LookupError when nothing on the screen has this label.
        """
        for face in reversed(self._state.screens.show(str(user))):
            for seen in [*face["quick"], *face["buttons"]]:
                if seen["label"] == label:
                    return await self._act(user, int(face["id"]), seen)
        raise LookupError(f"no button on the screen says {label!r}")

    async def edit(self, user: int, message_id: int, text: str) -> Posted:
        """Change one's own message."""
        bubble = self._state.screens.find(str(user), str(message_id))
        if bubble is None or bubble.origin != "person":
            raise LookupError("only one's own messages can be changed")
        message = {**bubble.raw["raw"], **words(text), "edit_date": self._state.now()}
        bubble.raw = {"kind": "text", "texts": [text], "raw": message}
        self._state.screens.touch(str(user), bubble)
        return await self._update("edited_message", message)

    async def block(self, user: int) -> Posted:
        """Block the bot."""
        self._state.person(user).gone = BLOCKED
        return await self._membership(user, "member", "kicked")

    async def unblock(self, user: int) -> Posted:
        """Take the block back."""
        self._state.person(user).gone = ""
        return await self._membership(user, "kicked", "member")

    async def invite(self, user: int, chat: int) -> Posted:
        """Bring the bot into a group that is there already (see `group`)."""
        self._state.chats[chat].gone = ""
        return await self._membership(user, "left", "member", chat)

    async def remove(self, user: int, chat: int) -> Posted:
        """Take the bot out of a group."""
        self._state.chats[chat].gone = "bot was kicked from the supergroup chat"
        return await self._membership(user, "member", "kicked", chat)

    async def migrate(self, user: int, chat: int, new_chat: int) -> Posted:
        """Turn a group into a supergroup with a new id; calls to the old id are told the new one."""
        old = self._state.chats[chat]
        self._state.chats[new_chat] = Chat(new_chat, "supergroup", old.name, forum=old.forum)
        posted = await self._message(user, {"migrate_to_chat_id": new_chat}, {"kind": "service"}, placing=(chat, None))
        old.migrated_to = new_chat
        return posted

    def delete_topic(self, chat: int, thread: int) -> None:
        """A member of staff deletes a topic; Telegram tells nobody."""
        del self._state.chats[chat].threads[thread]

    async def _act(self, user: int, message_id: int, seen: Face) -> Posted | str:
        match seen["kind"]:
            case "postback":
                return await self.press(user, message_id, seen["data"])
            case "message":
                return await self.say(user, seen["text"])
            case "web_app":
                state = self._state
                told = init_data(
                    state.token, state.person(user).user(), state.now(), f"{state.chance.getrandbits(96):024x}"
                )
                return str(seen["uri"]) + "#" + urlencode({"tgWebAppData": told, "tgWebAppVersion": "8.0"})
            case _:
                return str(seen["uri"])

    async def _message(self, user: int, carried: Json, face: Face, *, placing: tuple[int | None, int | None]) -> Posted:
        state, (chat, thread) = self._state, placing
        person = state.person(user)
        place = person if chat is None else state.chats[chat]
        if place.gone == BLOCKED:
            raise ValueError("who has blocked the bot cannot write to it")
        message: Json = {
            "message_id": state.message_id(),
            "from": person.user(),
            **placed(place, thread),
            "date": state.now(),
            **carried,
        }
        bubble = Bubble(str(message["message_id"]), "person", state.clock(), {**face, "raw": message})
        state.screens.put(str(place.id), bubble)
        return await self._update("message", message)

    def _answered(self, chat: int, message_id: int) -> Json:
        """What is replied to; words in a topic that reply to nothing else reply to the message it was opened with."""
        bubble = self._state.screens.find(str(chat), str(message_id)) if message_id else None
        if bubble is None:
            place = self._state.chats.get(chat)
            topic = place.threads.get(message_id) if place else None
            if place is None or topic is None:
                return {}
            opened = {"forum_topic_created": {"name": topic.name, "icon_color": 0x6FB9F0}}
            return {"reply_to_message": {"message_id": message_id, "date": 0, **placed(place, message_id), **opened}}
        whole = bubble.raw if bubble.origin == "bot" else bubble.raw["raw"]
        return {"reply_to_message": {name: value for name, value in whole.items() if name != "reply_to_message"}}

    async def _membership(self, user: int, before: str, after: str, chat: int | None = None) -> Posted:
        person = self._state.person(user)
        changed = {
            "chat": (person if chat is None else self._state.chats[chat]).json(),
            "from": person.user(),
            "date": self._state.now(),
            "old_chat_member": member(self._state.me, before),
            "new_chat_member": member(self._state.me, after),
        }
        return await self._update("my_chat_member", changed)

    async def _update(self, kind: str, carried: Json) -> Posted:
        update: dict[str, Any] = {"update_id": self._state.update_id(), kind: carried}
        self._state.updates[update["update_id"]] = update
        if self._state.allowed and kind not in self._state.allowed:
            return Posted((update,), None, 0.0, "not among allowed_updates")
        return await self._postman.carry(update)
