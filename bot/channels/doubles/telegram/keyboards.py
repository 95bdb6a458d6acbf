"""Telegram's keyboards: what it takes, and how they look on a phone."""

from __future__ import annotations

from typing import Any

from bot.channels.doubles.telegram.answers import bad

BUTTONS_MAX, ROW_MAX, DATA_MAX_BYTES = 100, 8, 64
_ACTS = (
    "url", "callback_data", "web_app", "login_url", "switch_inline_query", "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat", "copy_text", "callback_game", "pay",
)  # fmt: skip

Face = dict[str, Any]


def check_keyboard(markup: Any, *, private: bool = True) -> None:
    """Raise Refused when Telegram would not take this `reply_markup` in a private chat, or in a group."""
    if markup is None:
        return
    if not isinstance(markup, dict):
        raise bad("object expected as reply markup")
    rows = markup.get("inline_keyboard", markup.get("keyboard", []))
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad("can't parse reply keyboard markup JSON object")
    if sum(map(len, rows)) > BUTTONS_MAX or any(len(row) > ROW_MAX for row in rows):
        raise bad("reply markup is too long")
    for row in rows if "inline_keyboard" in markup else ():
        for button in row:
            _check_inline(button)
            if "web_app" in button:
                _check_web_app(button["web_app"], private)


def _check_web_app(told: Any, private: bool) -> None:
    if not private:
        raise bad("BUTTON_TYPE_INVALID")
    if not isinstance(told, dict) or not str(told.get("url", "")).startswith("https://"):
        raise bad("inline keyboard button Web App URL is invalid: Only HTTPS links are allowed")


def _check_inline(button: Any) -> None:
    text = button.get("text") if isinstance(button, dict) else None
    if not isinstance(text, str) or not text.strip():
        raise bad('can\'t parse inline keyboard button: Field "text" must be of type String')
    acts = [act for act in _ACTS if act in button]
    if len(acts) != 1:
        raise bad("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    data, url = button.get("callback_data"), button.get("url")
    if "callback_data" in button and not (isinstance(data, str) and 1 <= len(data.encode()) <= DATA_MAX_BYTES):
        raise bad("BUTTON_DATA_INVALID")
    if "url" in button and not (isinstance(url, str) and url.startswith(("https://", "http://", "tg://"))):
        raise bad("inline keyboard button URL is invalid: Wrong HTTP URL")


def inline(markup: dict[str, Any] | None) -> list[Face]:
    """The buttons under a message, in reading order, each with its row."""
    rows = (markup or {}).get("inline_keyboard", [])
    return [_face(button, row) for row, buttons in enumerate(rows) for button in buttons]


def below(markup: dict[str, Any] | None) -> list[Face]:
    """The keys of a reply keyboard: touching one writes its text."""
    rows = (markup or {}).get("keyboard", [])
    keys = [key if isinstance(key, str) else key["text"] for row in rows for key in row]
    return [_blank(label=key, kind="message", text=key) for key in keys]


def _face(button: dict[str, Any], row: int) -> Face:
    if "callback_data" in button:
        return _blank(label=button["text"], kind="postback", data=button["callback_data"], row=row)
    if "web_app" in button:
        return _blank(label=button["text"], kind="web_app", uri=button["web_app"]["url"], row=row)
    url = button.get("url") or (button.get("login_url") or {}).get("url")
    return _blank(label=button["text"], kind="uri", uri=url, row=row)


def _blank(**known: Any) -> Face:
    names = ("label", "kind", "data", "displayText", "text", "uri", "mode", "initial", "min", "max", "row")
    return {**dict.fromkeys(names), **known}
