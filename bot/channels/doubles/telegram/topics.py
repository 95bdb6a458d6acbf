"""The Bot API's methods for the topics of a forum: the staff's queue."""

from __future__ import annotations

from bot.channels.doubles.telegram.answers import bad
from bot.channels.doubles.telegram.state import Chat, Json, State, Thread

_BLUE = 0x6FB9F0


class Topics:
    """Each method takes the call's parameters and gives its result, or raises Refused."""

    def __init__(self, state: State) -> None:
        self.state = state

    def create(self, given: Json) -> Json:
        """Open a topic; its id is that of its first message."""
        forum = self._forum(given)
        name, thread_id = _name(given), self.state.message_id()
        forum.threads[thread_id] = Thread(name)
        return {"message_thread_id": thread_id, "name": name, "icon_color": given.get("icon_color", _BLUE)}

    def edit(self, given: Json) -> bool:
        """Rename a topic."""
        thread = self._thread(given)
        if "name" in given:
            thread.name = _name(given)
        return True

    def close(self, given: Json) -> bool:
        """Close a topic: nothing can be sent there."""
        return self._turn(given, closed=True)

    def reopen(self, given: Json) -> bool:
        """Open a closed topic again."""
        return self._turn(given, closed=False)

    def delete(self, given: Json) -> bool:
        """Remove a topic with all its messages."""
        self._thread(given)
        del self._forum(given).threads[given["message_thread_id"]]
        return True

    def _turn(self, given: Json, *, closed: bool) -> bool:
        thread = self._thread(given)
        if thread.closed == closed:
            raise bad("TOPIC_NOT_MODIFIED")
        thread.closed = closed
        return True

    def _forum(self, given: Json) -> Chat:
        chat = self.state.chat(given.get("chat_id"))
        if not chat.forum:
            raise bad("the chat is not a forum")
        return chat

    def _thread(self, given: Json) -> Thread:
        thread = self._forum(given).threads.get(given.get("message_thread_id") or 0)
        if thread is None:
            raise bad("message thread not found")
        return thread


def _name(given: Json) -> str:
    name = given.get("name")
    if not isinstance(name, str) or not 1 <= len(name.strip()) <= 128:
        raise bad("invalid forum topic name specified")
    return name.strip()
