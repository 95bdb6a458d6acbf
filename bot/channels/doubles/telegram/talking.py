"""The Bot API's methods that talk: send, edit, delete, answer a tap, show an action."""

from __future__ import annotations

from typing import Any

from bot.channels.doubles.counting import too_long
from bot.channels.doubles.screens import Bubble
from bot.channels.doubles.telegram.answers import bad
from bot.channels.doubles.telegram.keyboards import check_keyboard
from bot.channels.doubles.telegram.markup import Unreadable, parse_html
from bot.channels.doubles.telegram.state import ACTION_SHOWS, DELETE_WITHIN, TAP_LIVES, Chat, Json, State

# "Characters" is all the documents say; entities are counted in UTF-16 units, so the stricter reading is taken.
TEXT_MAX = 4096
TOAST_MAX = 200
_ACTIONS = frozenset(
    {"typing", "choose_sticker", "find_location"}
    | {f"{does}_{what}" for does in ("record", "upload") for what in ("video", "voice", "video_note")}
    | {"upload_photo", "upload_document"}
)
_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current content"
    " and reply markup of the message"
)


class Talking:
    """Each method takes the call's parameters and gives its result, or raises Refused."""

    def __init__(self, state: State) -> None:
        self.state = state

    def send_message(self, given: Json) -> Json:
        """Put a message on a screen; the Message as the bot sees it."""
        chat = self.state.chat(given.get("chat_id"))
        words = _words(given)
        check_keyboard(given.get("reply_markup"), private=chat.type == "private")
        thread = _thread(chat, given.get("message_thread_id"))
        answered = self._answered(chat, given.get("reply_parameters"))
        self.state.pace(chat)
        message = {
            "message_id": self.state.message_id(),
            "from": self.state.me,
            "chat": chat.json(),
            "date": self.state.now(),
            **thread,
            **answered,
            **words,
        }
        if given.get("reply_markup"):
            message["reply_markup"] = given["reply_markup"]
        self.state.busy_until.pop(chat.id, None)
        quick = "keyboard" in (given.get("reply_markup") or {})
        bubble = Bubble(str(message["message_id"]), "bot", self.state.clock(), message, quick=quick)
        self.state.screens.put(str(chat.id), bubble)
        return _shown(message)

    def edit_text(self, given: Json) -> Json:
        """Replace the words, and the buttons (none given: taken away)."""
        return self._edited(given, _words)

    def edit_markup(self, given: Json) -> Json:
        """Replace the buttons alone."""
        return self._edited(given, lambda _: {})

    def delete(self, given: Json) -> bool:
        """Take a message away: the bot's own, or any in a private chat, not older than 48 hours."""
        chat = self.state.chat(given.get("chat_id"))
        bubble = self._bubble(chat, given, "message to delete not found")
        if self.state.clock() - bubble.at > DELETE_WITHIN:
            raise bad("message can't be deleted")
        self.state.screens.take_away(str(chat.id), bubble)
        return True

    def pin(self, given: Json) -> bool:
        """Keep a message at the top of its chat or topic."""
        chat = self.state.chat(given.get("chat_id"))
        bubble = self._bubble(chat, given, "message to pin not found")
        chat.pinned.append(int(bubble.id))
        return True

    def answer_tap(self, given: Json) -> bool:
        """Stop the button's spinner, with or without a word."""
        tap = self.state.taps.get(str(given.get("callback_query_id")))
        if tap is None or self.state.clock() - tap.at > TAP_LIVES:
            raise bad("query is too old and response timeout expired or query ID is invalid")
        text = given.get("text") or ""
        if too_long(text, TOAST_MAX):
            raise bad("MESSAGE_TOO_LONG")
        tap.answered = True
        if text:
            self.state.toasts.setdefault(tap.user, []).append(text)
        return True

    def action(self, given: Json) -> bool:
        """Show that the bot is busy, for five seconds or until its next message."""
        chat = self.state.chat(given.get("chat_id"))
        if given.get("action") not in _ACTIONS:
            raise bad("wrong parameter action in request")
        _thread(chat, given.get("message_thread_id"))
        self.state.busy_until[chat.id] = self.state.clock() + ACTION_SHOWS
        return True

    def _edited(self, given: Json, words: Any) -> Json:
        chat = self.state.chat(given.get("chat_id"))
        bubble = self._bubble(chat, given, "message to edit not found")
        if bubble.origin != "bot":
            raise bad("message can't be edited")
        check_keyboard(given.get("reply_markup"))
        if chat.type != "private":
            self.state.pace(chat)
        fresh = {name: value for name, value in bubble.raw.items() if name not in {"reply_markup", "edit_date"}}
        if new := words(given):
            fresh.pop("entities", None)
            fresh.update(new)
        if (given.get("reply_markup") or {}).get("inline_keyboard"):
            fresh["reply_markup"] = given["reply_markup"]
        if fresh == {name: value for name, value in bubble.raw.items() if name != "edit_date"}:
            raise bad(_NOT_MODIFIED)
        bubble.raw = {**fresh, "edit_date": self.state.now()}
        self.state.screens.touch(str(chat.id), bubble)
        return _shown(bubble.raw)

    def _bubble(self, chat: Chat, given: Json, missing: str) -> Bubble:
        bubble = self.state.screens.find(str(chat.id), str(given.get("message_id")))
        if bubble is None or bubble.withdrawn:
            raise bad(missing)
        return bubble

    def _answered(self, chat: Chat, reply: Any) -> Json:
        """The message replied to, as it stands in the new one; nothing where it is gone and need not be there."""
        if not isinstance(reply, dict):
            return {}
        bubble = self.state.screens.find(str(chat.id), str(reply.get("message_id")))
        if bubble is None or bubble.withdrawn:
            if reply.get("allow_sending_without_reply"):
                return {}
            raise bad("message to be replied not found")
        whole = bubble.raw if bubble.origin == "bot" else bubble.raw["raw"]
        return {"reply_to_message": {name: value for name, value in whole.items() if name != "reply_to_message"}}


def _words(given: Json) -> Json:
    """`text` and `entities` of a message. Raises Refused for what Telegram would not show."""
    text, mode = given.get("text"), given.get("parse_mode")
    if not isinstance(text, str):
        raise bad("message text is empty")
    entities = given.get("entities") or []
    if mode:
        if str(mode).upper() != "HTML":
            raise bad("unsupported parse_mode")
        try:
            text, entities = parse_html(text)
        except Unreadable as unreadable:
            raise bad(f"can't parse entities: {unreadable}") from unreadable
    text = text.strip()
    if not text:
        raise bad("message text is empty")
    if too_long(text, TEXT_MAX):
        raise bad("message is too long")
    return {"text": text, "entities": entities} if entities else {"text": text}


def _thread(chat: Chat, thread_id: Any) -> Json:
    """What a message in this topic carries. Raises Refused when the topic is gone or closed."""
    if thread_id is None:
        return {}
    thread = chat.threads.get(thread_id)
    if thread is None:
        raise bad("message thread not found")
    if thread.closed:
        raise bad("TOPIC_CLOSED")
    return {"message_thread_id": thread_id, "is_topic_message": True}


def _shown(message: Json) -> Json:
    """The message as the bot gets it back: only inline keyboards are part of a Message."""
    if "inline_keyboard" in message.get("reply_markup", {}):
        return message
    return {name: value for name, value in message.items() if name != "reply_markup"}
