"""After a case: asked at its end, two weeks and three months later; still in trouble, it is opened again."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection

from bot.after import TALKING, TOMORROW, After
from bot.handover import Desk, Done
from dialogs.heard import Left, Tapped
from dialogs.saying import Message
from dialogs.tap import Stage, read
from storage import Store, after, cases
from storage.cases import CaseHead, State
from storage.staff import Member
from tests.bot.centre import Centre
from tests.bot.desk import case_of, head, open_case_of, words
from tests.each import each

pytestmark = pytest.mark.anyio
WEEKS, MONTHS = timedelta(days=14), timedelta(days=91)


@pytest.fixture
def centre(store: Store, now: datetime) -> Centre:
    return Centre(store, now)


async def over(centre: Centre, case: CaseHead, who: Member) -> list[str]:
    """Claimed and closed; what went out at the end."""
    await centre.desk.claim(case.id, who)
    centre.carried()
    assert await centre.desk.close(case.id, who) == Done()
    return words(centre.carried())


async def asked(centre: Centre, ahead: timedelta) -> list[Message]:
    """What is asked when so much more time has passed, at eleven on the next open day."""
    centre.carried()
    day = centre.mind.local(centre.now + ahead).replace(hour=11, minute=0, second=0, microsecond=0)
    while not centre.mind.calendar.is_open(day):
        day += timedelta(days=1)
    centre.now = day
    await After(centre.store, centre.desk, centre.mind, lambda: centre.now).ask()
    return [Message.from_json(one) for parcel in centre.carried() for one in parcel.messages]


async def test_a_case_that_cannot_be_asked_about_holds_up_no_other(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second, sato = open_case_of(centre, "U1"), open_case_of(centre, "U2"), centre.member("sato")
    for case in (first, second):
        await over(centre, case, sato)
    ask_about = Desk.ask_about

    def wrong(desk: Desk, conn: Connection, case: CaseHead, stage: Stage, now: datetime) -> bool:
        if case.id == first.id:
            raise ZeroDivisionError
        return ask_about(desk, conn, case, stage, now)

    monkeypatch.setattr(Desk, "ask_about", wrong)
    assert [second.ref in one.text for one in await asked(centre, WEEKS)] == [True]
    monkeypatch.undo()
    assert [first.ref in one.text for one in await asked(centre, TOMORROW)] == [True]


async def test_who_is_filling_in_a_form_is_asked_another_day(centre: Centre) -> None:
    case, sato = open_case_of(centre), centre.member("sato")
    await over(centre, case, sato)
    day = centre.mind.local(centre.now + WEEKS).replace(hour=10, minute=30)
    centre.now = day if centre.mind.calendar.is_open(day) else day + timedelta(days=1)
    centre.say("U1", Tapped("f:consultation"))
    assert await asked(centre, timedelta(0)) == []
    assert [case.ref in one.text for one in await asked(centre, TOMORROW)] == [True]


def history(centre: Centre, case: CaseHead) -> list[str]:
    return [event.kind for event in centre.store.read(lambda c: cases.history(c, case.id))]


def figures(centre: Centre) -> dict[tuple[str, str], int]:
    return {key: n for key, n in centre.store.read(after.figures).items() if n}


def tap_of(message: Message, label: str) -> Tapped:
    return Tapped(next(button.tap for button in message.buttons if button.label == label))


async def test_the_end_asks_whether_it_helped_and_thanks_for_one_tap(centre: Centre) -> None:
    case, sato = open_case_of(centre), centre.member("sato")
    told = await over(centre, case, sato)
    assert told[0].startswith(f"受付番号 {case.ref} の相談は、終わり")
    assert told[1] == "今回の相談は、お役に立ちましたか。"
    (thanks,) = centre.say("U1", Tapped(f"o:close:{case.ref}:y"))
    assert thanks.text == "教えてくださり、ありがとうございます。"
    assert figures(centre) == {("close", "y"): 1}
    assert head(centre, case.id).state is State.CLOSED


async def test_another_answer_takes_the_place_of_the_first_and_the_same_counts_once(centre: Centre) -> None:
    case, sato = open_case_of(centre), centre.member("sato")
    await over(centre, case, sato)
    said = [centre.say("U1", Tapped(f"o:close:{case.ref}:{answer}")) for answer in "yynn"]
    assert any(button.tap == "m:person" for button in said[-1][0].buttons)
    assert figures(centre) == {("close", "n"): 1}
    assert history(centre, case).count("outcome") == 2


async def test_N08_still_in_trouble_after_two_weeks_opens_the_same_case_for_the_same_coordinator(
    centre: Centre,
) -> None:
    case, sato = open_case_of(centre), centre.member("sato")
    await over(centre, case, sato)
    assert await asked(centre, timedelta(days=3)) == []
    (question,) = await asked(centre, WEEKS)
    assert question.text == f"受付番号 {case.ref} の相談から、2週間がたちました。その後、いかがですか。"
    (told,) = centre.say("U1", tap_of(question, "まだ困っている"))
    assert case.ref in told.text
    again = head(centre, case.id)
    assert (again.state, again.holder) == (State.CLAIMED, sato.id)
    assert history(centre, case)[-3:] == ["outcome", "reopened", "claimed"]
    assert await asked(centre, MONTHS) == []  # it goes on: its end is still to come


async def test_N08_after_three_months_all_is_well_and_others_may_hear_of_it(centre: Centre) -> None:
    case, sato = open_case_of(centre), centre.member("sato")
    await over(centre, case, sato)
    await asked(centre, WEEKS)
    (question,) = await asked(centre, MONTHS - WEEKS)
    thanks, public = centre.say("U1", tap_of(question, "うまくいっている"))
    assert thanks.text.startswith("教えてくださり")
    centre.say("U1", tap_of(public, "紹介してよい"))
    assert figures(centre) == {("months", "y"): 1, ("public", "y"): 1}
    assert await asked(centre, MONTHS) == []  # each once for ever


async def test_nobody_is_asked_at_night_and_all_are_asked_in_the_morning(centre: Centre) -> None:
    case, sato = open_case_of(centre), centre.member("sato")
    await over(centre, case, sato)
    chore = After(centre.store, centre.desk, centre.mind, lambda: centre.now)
    centre.now = (centre.now + WEEKS + timedelta(days=7)).replace(hour=14, minute=0)  # 23:00 in Tokyo
    assert await chore.ask() == 0
    assert len(await asked(centre, timedelta())) == 1


async def test_who_talks_with_a_coordinator_is_asked_a_week_later(centre: Centre) -> None:
    case, sato = open_case_of(centre), centre.member("sato")
    await over(centre, case, sato)
    centre.say("U1", Tapped("m:person"))
    other = next(one for one in centre.cases() if one.id != case.id)
    assert await asked(centre, WEEKS) == []
    await over(centre, other, sato)
    assert [message.text[:20] for message in await asked(centre, TALKING)] != []


async def test_where_another_case_is_open_it_is_called_and_both_name_each_other(centre: Centre) -> None:
    case, sato = open_case_of(centre), centre.member("sato")
    await over(centre, case, sato)
    (question,) = await asked(centre, WEEKS)
    centre.say("U1", Tapped("m:person"))
    other = next(one for one in centre.cases() if one.id != case.id)
    centre.say("U1", tap_of(question, "まだ困っている"))
    assert head(centre, case.id).state is State.CLOSED
    assert history(centre, other)[-2:] == ["linked", "called"]


async def test_an_answer_while_a_coordinator_holds_another_case_is_not_for_them(centre: Centre) -> None:
    case, sato = open_case_of(centre), centre.member("sato")
    await over(centre, case, sato)
    centre.say("U1", Tapped("m:person"))
    other = next(one for one in centre.cases() if one.id != case.id)
    await centre.desk.claim(other.id, sato)
    (thanks,) = centre.say("U1", Tapped(f"o:close:{case.ref}:y"))
    assert thanks.text.startswith("教えてくださり")
    assert figures(centre) == {("close", "y"): 1}


async def test_who_blocked_us_or_was_forgotten_is_not_asked(centre: Centre) -> None:
    for who in ("U1", "U2"):
        case = case_of(centre, who)
        await over(centre, case, centre.member(f"sato{who}"))
    centre.say("U1", Left())
    centre.say("U2", Tapped("m:forget"))
    centre.say("U2", Tapped("m:forget_sure"))
    assert await asked(centre, WEEKS) == []


async def test_nobody_answers_for_somebody_else_or_unasked(centre: Centre) -> None:
    case, sato = open_case_of(centre), centre.member("sato")
    await over(centre, case, sato)
    centre.begin("U9")
    centre.say("U9", Tapped(f"o:weeks:{case.ref}:n"))  # forged by another
    centre.say("U1", Tapped(f"o:weeks:{case.ref}:n"))  # nobody asked yet
    centre.say("U1", Tapped("o:close:ZZZ-ZZZZ:n"))
    assert figures(centre) == {}
    assert head(centre, case.id).state is State.CLOSED


@each("tap", ["o:close:abc-defg:y", "o:close:K7M-4QH2:x", "o:years:K7M-4QH2:y", "o:close:K7M-4QH2:y ", "o:close"])
def test_what_we_did_not_write_is_no_answer(tap: str) -> None:
    assert read(tap) is None


async def test_a_case_that_nobody_had_asks_nothing(centre: Centre) -> None:
    case, sato = case_of(centre), centre.member("sato")
    centre.carried()
    await centre.desk.close(case.id, sato)
    assert len(words(centre.carried())) == 1
    assert await asked(centre, MONTHS) == []
