"""What Telegram tells a page of who opened it: believed only when Telegram said it, to our bot, lately, in one way."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlencode

from bot.channels.doubles.telegram.web_app import init_data, sealed
from bot.channels.telegram_init import Doubt, Opener, opener
from tests.channels.samples import NOW, TELEGRAM_TOKEN
from tests.each import each

AT = int(NOW.timestamp())
HANAKO = {"id": 4711, "is_bot": False, "first_name": "花子"}
GOOD = init_data(TELEGRAM_TOKEN, HANAKO, AT, "q1")
FIELDS = dict(parse_qsl(GOOD))


def told(**fields: str) -> str:
    """Words that Telegram did seal, with these fields."""
    usual = {"auth_date": str(AT), "user": json.dumps(HANAKO), "query_id": "q"}
    return sealed(TELEGRAM_TOKEN, {**usual, **fields})


def user(text: str) -> str:
    """Words that Telegram did seal, of this user."""
    return told(user=text)


def test_what_telegram_said_names_who_opened_the_page() -> None:
    assert opener(TELEGRAM_TOKEN, GOOD, NOW) == Opener("4711")


def test_the_published_vector_of_another_implementation_is_believed() -> None:
    """That of aiogram (MIT): test_web_app in its tests of utils."""
    given = (
        "auth_date=1650385342&user=%7B%22id%22%3A42%2C%22first_name%22%3A%22Test%22%7D&query_id=test"
        "&hash=46d2ea5e32911ec8d30999b56247654460c0d20949b6277af519e76271182803"
    )
    assert opener("42:TEST", given, datetime.fromtimestamp(1650385342, UTC)) == Opener("42")


FALSE = [
    ("nothing", ""),
    ("no fields", "hello"),
    ("another bot's", init_data("110201544:AAother", HANAKO, AT, "q1")),
    ("no hash", urlencode({name: value for name, value in FIELDS.items() if name != "hash"})),
    ("an empty hash", urlencode({**FIELDS, "hash": ""})),
    ("a long hash", urlencode({**FIELDS, "hash": FIELDS["hash"] + "0"})),
    ("a hash in capitals", urlencode({**FIELDS, "hash": FIELDS["hash"].upper()})),
    ("a hash that is no ascii", urlencode({**FIELDS, "hash": "é" * 64})),
    ("another person", urlencode({**FIELDS, "user": json.dumps({**HANAKO, "id": 4712})})),
    ("a later moment", urlencode({**FIELDS, "auth_date": str(AT + 1)})),
    ("a field more", GOOD + "&chat_type=private"),
    ("a field less", GOOD.replace("query_id", "query_ix")),
    ("two users", GOOD + "&" + urlencode({"user": json.dumps(HANAKO)})),
    ("two hashes", GOOD + "&hash=" + FIELDS["hash"]),
    ("a line end in a field", urlencode({**FIELDS, "query_id": f"q\nuser={FIELDS['user']}"})),
    ("too many fields", "&".join(f"f{n}={n}" for n in range(40)) + "&" + GOOD),
    ("too long", told(start_param="x" * 5000)),
    ("no user", told(user="")),
    ("a user that is a list", user("[4711]")),
    ("a user without a number", user('{"first_name": "x"}')),
    ("a number as text", user('{"id": "4711"}')),
    ("a number that is true", user('{"id": true}')),
    ("a broken number", user('{"id": 4711.0}')),
    ("a number below nothing", user('{"id": -4711}')),
    ("a user nested without end", user("[" * 3000)),
    ("a moment in words", told(auth_date="now")),
    ("no moment", told(auth_date="")),
    ("a moment in other figures", told(auth_date="１７")),
    ("a moment without end", told(auth_date="9" * 400)),
    ("tomorrow's", told(auth_date=str(AT + 86_400))),
    ("no utf-8", "user=%ff%fe&hash=" + "0" * 64),
]


@each(("given",), [one[1:] for one in FALSE], ids=[one[0] for one in FALSE])
def test_what_telegram_did_not_say_like_that_names_nobody(given: str) -> None:
    assert opener(TELEGRAM_TOKEN, given, NOW) is Doubt.FALSE


def test_without_a_bot_nothing_is_believed() -> None:
    assert opener("", init_data("", HANAKO, AT, "q1"), NOW) is Doubt.FALSE


def test_it_is_believed_for_ten_minutes() -> None:
    late = [opener(TELEGRAM_TOKEN, GOOD, NOW + timedelta(minutes=10, seconds=n)) for n in (0, 1)]
    assert late == [Opener("4711"), Doubt.OLD]
