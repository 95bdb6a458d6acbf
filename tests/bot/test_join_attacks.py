"""Joining, attacked: by whoever holds somebody's phone, hands out codes of their own, or reads a case at the desk."""

from __future__ import annotations

from datetime import datetime

import pytest

from bot.handover import Done
from bot.relating import merging, unmerging
from dialogs.heard import Tapped
from dialogs.saying import Message
from storage import Store, cases, join_codes, pages, talk
from storage.attaching import attach
from storage.audit import What
from storage.casefile import State
from tests.bot.centre import Centre
from tests.bot.desk import case_of, head, session_of, words, write
from tests.bot.joiners import both, code, history, join, one, part, person, texts

pytestmark = pytest.mark.anyio
YES = Tapped("m:join_sure")


@pytest.fixture
def centre(store: Store, now: datetime) -> Centre:
    return Centre(store, now)


def join_to(centre: Centre, typed: str, who: str, channel: str) -> None:
    """Somebody types a code and agrees."""
    centre.say(who, typed, channel)
    centre.say(who, YES, channel)


@pytest.mark.parametrize("yes", [YES, "はい、つなぐ"], ids=["old button", "typed"])
async def test_N05_a_yes_joins_nothing_once_consent_was_taken_back(centre: Centre, yes: Tapped | str) -> None:
    both(centre)
    typed = code(centre)
    centre.say("T1", typed, "telegram")
    centre.say("T1", Tapped("m:refuse"), "telegram")
    asked = centre.say("T1", yes, "telegram")
    assert not one(centre)
    assert "m:consent" in [button.tap for button in asked[-1].buttons]


async def test_N05_nobody_is_joined_to_somebody_who_refused_meanwhile(centre: Centre) -> None:
    both(centre)
    typed = code(centre)
    centre.say("U1", Tapped("m:refuse"))
    join_to(centre, typed, "T1", "telegram")
    assert not one(centre)
    assert person(centre, "T1", "telegram").consented


async def test_N05_a_stranger_s_code_that_was_typed_before_is_not_the_one_agreed_to(centre: Centre) -> None:
    """Theirs was drawn later and runs out later; declined or not, a yes is for the code typed last."""
    both(centre)
    centre.begin("U6")
    own, strange = code(centre), code(centre, "U6")
    centre.say("T1", strange, "telegram")
    centre.say("T1", own, "telegram")
    centre.say("T1", YES, "telegram")
    assert one(centre)


async def test_N05_a_declined_code_is_gone_for_good(centre: Centre) -> None:
    both(centre)
    typed = code(centre)
    centre.say("T1", typed, "telegram")
    centre.say("T1", Tapped("m:join_not"), "telegram")
    centre.say("T1", YES, "telegram")
    assert not one(centre)
    assert "使えません" in centre.say("T1", typed, "telegram")[-1].text


async def test_N05_every_channel_of_both_sides_is_told(centre: Centre) -> None:
    """Who finds the web chat of somebody open and joins it to themselves is told of on that somebody's LINE as well."""
    both(centre)
    join(centre)
    centre.begin("W6", "web")
    centre.carried()
    join_to(centre, code(centre, "W6", "web"), "T1", "telegram")
    told = [parcel for parcel in centre.carried() if parcel.address == "U1"]
    assert "つながりました" in words(told)[-1]
    assert told[-1].messages[-1]["buttons"][0][1] == "m:part"


async def test_N05_a_form_goes_back_to_whoever_began_it_also_after_a_third_joined(centre: Centre) -> None:
    both(centre)
    centre.begin("W6", "web")
    centre.say("T1", Tapped("f:consultation"), "telegram")
    centre.say("T1", Tapped("a:1:standing:npo"), "telegram")
    join(centre)
    join_to(centre, code(centre), "W6", "web")
    part(centre, "T1", "telegram")
    assert person(centre, "T1", "telegram").session["answers"] == {"standing": "npo"}  # type: ignore[index]
    assert "answers" not in session_of(centre)


async def test_N05_a_form_goes_back_through_two_joinings(centre: Centre) -> None:
    """T1's form went to U1 and with U1 to a third; apart again it is T1's, never U1's."""
    both(centre)
    centre.begin("W6", "web")
    centre.say("T1", Tapped("f:consultation"), "telegram")
    centre.say("T1", Tapped("a:1:standing:npo"), "telegram")
    join(centre)
    join_to(centre, code(centre, "W6", "web"), "U1", "line")
    part(centre, "W6", "web")
    assert person(centre, "T1", "telegram").session["answers"] == {"standing": "npo"}  # type: ignore[index]
    assert "answers" not in session_of(centre)
    assert "answers" not in (person(centre, "W6", "web").session or {})


@pytest.mark.parametrize("held", [False, True], ids=["in the queue", "held"])
async def test_N05_a_living_code_stands_in_no_case(centre: Centre, held: bool) -> None:
    """Typed on its own side, or after too many tries, it still opens: a colleague at the desk must not read it."""
    case = case_of(centre)
    if held:
        await centre.desk.claim(case.id, centre.member("sato"))
    centre.begin("T1", "telegram")
    own, other = code(centre), code(centre, "T1", "telegram")
    centre.say("U1", own)
    for guess in "23456":
        centre.say("U1", f"AAAA-AAA{guess}")
    centre.say("U1", other)
    lines = repr(centre.store.read(lambda conn: talk.of_case(conn, centre.store.vault, case.id)))
    assert own not in lines
    assert other not in lines


async def test_N05_right_codes_use_up_nobody_s_tries(centre: Centre) -> None:
    """Or the busiest day of the centre locks everybody out."""
    both(centre)
    for _ in range(join_codes.MOST_TRIES + 1):
        typed = code(centre)
        assert "つなぎます" in centre.say("T1", typed, "telegram")[-1].text


async def test_N05_nobody_keeps_the_centre_busy_by_joining_and_parting(centre: Centre) -> None:
    both(centre)
    heard = ""
    for _ in range(join_codes.MOST_FITTING + 1):
        typed = code(centre)
        heard = centre.say("T1", typed, "telegram")[-1].text
    assert "15分ほど" in heard


async def test_N05_a_crowd_of_made_up_visitors_locks_nobody_out(centre: Centre) -> None:
    both(centre)

    def guess_much(conn: object) -> set[str]:
        return {join_codes.take(conn, "AAAAAAA2", 10_000 + n, centre.now).value for n in range(400)}  # type: ignore[arg-type]

    assert write(centre, guess_much) == {"wrong"}
    join(centre)


async def test_N05_the_answer_to_what_is_kept_names_the_joined_channels(centre: Centre) -> None:
    """Whoever held the phone may have wiped our words off it: asked again, we say it again, with the way to undo it."""
    both(centre)
    join(centre)
    kept = centre.say("U1", "何を持っていますか")[-1]
    assert "Telegram" in kept.text
    assert "m:part" in [button.tap for button in kept.buttons]
    assert "LINE" in texts(centre, "T1", "telegram")[-1]


async def test_N05_what_is_confided_on_a_page_goes_with_the_chat_it_was_opened_from(centre: Centre) -> None:
    """Telegram's one-time page, opened while joined to a LINE that has a page as well: apart, LINE has none of it."""
    case, sato, vault = case_of(centre, "T1", "telegram"), centre.member("sato"), centre.store.vault
    centre.begin("U1")
    write(centre, lambda conn: attach(conn, vault, centre.person_of("U1"), "web"))
    join(centre)
    await centre.desk.claim(case.id, sato)
    centre.say("T1", "お願いします", "telegram")
    centre.carried()
    await centre.desk.reply(case.id, sato, "お返事です。", "k1")
    (notice,) = [parcel for parcel in centre.carried() if parcel.address == "T1"]
    page_of = Message.from_json(notice.messages[0]).page
    assert page_of is not None
    assert page_of.url is not None
    token = page_of.url.rpartition("/")[2]
    link = write(centre, lambda conn: pages.bind(conn, token, centre.now))
    assert link is not None
    page = write(centre, lambda conn: attach(conn, vault, link[0].person_id, "web", link[0].contact_id))
    await centre.desk.close(case.id, sato)
    centre.say(page.address, "ひみつの話", "web")
    centre.say(page.address, "人と話したい", "web")
    new = centre.store.read(lambda conn: cases.of_person_open(conn, [centre.person_of("U1")]))[centre.person_of("U1")]
    part(centre, "T1", "telegram")
    assert "ひみつの話" in texts(centre, "T1", "telegram")
    assert "ひみつの話" not in texts(centre, "U1", "line")
    assert head(centre, new.id).person_id == centre.person_of("T1", "telegram")


async def test_whoever_parts_has_the_case_again_that_went_into_the_others_meanwhile(centre: Centre) -> None:
    both(centre)
    sato, mori = centre.member("sato"), centre.member("mori")
    first, own = case_of(centre), case_of(centre, "T1", "telegram")
    write(centre, lambda conn: [cases.claim(conn, one.id, sato.id, centre.now) for one in (first, own)])
    join(centre)
    assert await centre.desk.do(first.id, sato, What.MERGE, merging(own.ref)) == Done()
    assert head(centre, own.id).state is State.CLOSED
    part(centre)
    assert (head(centre, own.id).state, head(centre, own.id).holder) == (State.CLAIMED, sato.id)
    assert (head(centre, first.id).state, history(centre, first.id)[-2:]) == (State.CLAIMED, ["unmerged", "parted"])
    centre.say("T1", "まだ待っています", "telegram")
    assert "まだ待っています" in str(centre.store.read(lambda conn: talk.of_case(conn, centre.store.vault, own.id)))
    assert await centre.desk.do(first.id, mori, What.UNMERGE, unmerging(centre.desk, own.id)) != Done()
