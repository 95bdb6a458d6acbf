"""One person on several channels: joined by a code, one talk from then on, and apart with nothing on a wrong side."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection, select

from bot import chores
from dialogs.heard import Left, Showed, Tapped, Thing
from storage import Store, cases, rights, talk, things
from storage.push_tables import line_menu, reply_right
from storage.rights import Right
from storage.tables import inbox
from storage.thing_tables import thing as thing_table
from storage.things import PART, Whose
from tests.bot.centre import Centre, nights
from tests.bot.desk import LEASE, case_of, head, in_the_form, open_case_of, session_of, words, write
from tests.bot.joiners import both, code, history, join, of_persons, one, part, person, texts

pytestmark = pytest.mark.anyio
SEEN = {"person", "contact", "message", "outbox", "answer_shown", "line_menu", "reply_right"}  # of whoever only came


@pytest.fixture
def centre(store: Store, now: datetime) -> Centre:
    return Centre(store, now)


async def test_N05_a_code_makes_two_channels_one_person_and_both_are_told(centre: Centre) -> None:
    both(centre)
    mine, theirs = centre.person_of("U1"), centre.person_of("T1", "telegram")
    centre.carried()
    typed = code(centre)
    asked = centre.say("T1", f" {typed.lower().replace('-', '')} ", "telegram")[-1]
    assert "どちらでも読んだり消したり" in asked.text
    assert not one(centre)
    centre.say("T1", "はい", "telegram")
    assert centre.person_of("T1", "telegram") == centre.person_of("U1") == mine
    sent = centre.carried()
    assert [text for text in words([p for p in sent if p.address == "T1"]) if "つなぎました" in text]
    told = [parcel for parcel in sent if parcel.address == "U1"][-1].messages[0]
    assert "Telegram" in told["text"]
    assert told["buttons"][0][1] == "m:part"
    centre.say("U1", Tapped(told["buttons"][0][1]))
    centre.say("U1", "はい、別々にする")
    assert (centre.person_of("U1"), centre.person_of("T1", "telegram")) == (mine, theirs)
    sent = centre.carried()
    assert "別々になりました" in words([parcel for parcel in sent if parcel.address == "T1"])[-1]
    assert "別々にしました" in words([parcel for parcel in sent if parcel.address == "U1"])[-1]


@pytest.mark.parametrize("side", [("U1", "line"), ("T1", "telegram")], ids=["asked on LINE", "asked on Telegram"])
async def test_N05_parted_each_side_has_what_began_there(centre: Centre, side: tuple[str, str]) -> None:
    both(centre)
    centre.say("U1", "線のことば")
    centre.say("T1", "紙のことば", "telegram")
    join(centre)
    assert {"線のことば", "紙のことば"} <= set(texts(centre, "U1", "line"))
    centre.say("T1", "つないだ後の紙", "telegram")
    centre.say("U1", "つないだ後の線")
    part(centre, *side)
    line, paper = texts(centre, "U1", "line"), texts(centre, "T1", "telegram")
    assert {"線のことば", "つないだ後の線"} <= set(line)
    assert {"紙のことば", "つないだ後の紙"} <= set(paper)
    assert not [text for text in line if "紙" in text]
    assert not [text for text in paper if "線" in text]
    join(centre)
    assert {"線のことば", "紙のことば"} <= set(texts(centre, "T1", "telegram"))


async def test_N05_two_open_cases_both_stay_name_each_other_and_return(centre: Centre) -> None:
    line, paper = case_of(centre), case_of(centre, "T1", "telegram")
    join(centre)
    mine = centre.person_of("U1")
    assert {head(centre, line.id).person_id, head(centre, paper.id).person_id} == {mine}
    assert history(centre, line.id)[-2:] == history(centre, paper.id)[-2:] == ["joined", "linked"]
    file = centre.store.read(lambda conn: cases.get(conn, centre.store.vault, paper.id))
    assert file is not None
    assert file.rows is not None
    part(centre)
    assert head(centre, line.id).person_id == mine
    assert head(centre, paper.id).person_id == centre.person_of("T1", "telegram")
    assert history(centre, paper.id)[-1] == "parted"


async def test_N05_a_coordinator_answers_where_the_person_last_wrote_from(centre: Centre) -> None:
    case, sato = open_case_of(centre), centre.member("sato")
    centre.begin("T1", "telegram")
    join(centre)
    await centre.desk.claim(case.id, sato)
    centre.carried()
    centre.say("T1", "こちらから書きます", "telegram")
    await centre.desk.reply(case.id, sato, "はい、どうぞ。", "k1")
    assert [(one.address, words([one])) for one in centre.carried()] == [("T1", ["はい、どうぞ。"])]
    centre.say("T1", Left(), "telegram")
    await centre.desk.reply(case.id, sato, "つづきです。", "k2")
    assert [one.address for one in centre.carried()] == ["U1"]
    centre.say("U1", Tapped("m:part"))
    centre.say("U1", Tapped("m:part_sure"))
    assert head(centre, case.id).person_id == centre.person_of("U1")
    assert "こちらから書きます" in texts(centre, "U1", "line"), "a case is told whole, on the side where it began"
    assert "こちらから書きます" not in texts(centre, "T1", "telegram")


async def test_N05_words_on_their_way_still_arrive(centre: Centre) -> None:
    case, sato = open_case_of(centre), centre.member("sato")
    centre.begin("T1", "telegram")
    await centre.desk.claim(case.id, sato)
    await centre.desk.reply(case.id, sato, "いま書いた返事", "k1")
    typed = code(centre, "T1", "telegram")
    centre.say("U1", typed)
    centre.say("U1", Tapped("m:join_sure"))
    assert "いま書いた返事" in words([one for one in centre.carried() if one.address == "U1"])


def holders_of_things(centre: Centre) -> set[int]:
    """Whose keys the pictures and files are under."""
    return centre.store.read(lambda conn: set(conn.execute(select(thing_table.c.person_id)).scalars()))


@pytest.mark.parametrize("brought", [False, True], ids=["before they were brought", "brought"])
async def test_N05_pictures_of_a_joint_case_leave_with_it(centre: Centre, brought: bool) -> None:
    case_of(centre, "T1", "telegram")
    centre.begin("U1")
    centre.say("T1", Showed(Thing.PICTURE, ref="before"), "telegram")
    join(centre)
    centre.say("T1", Showed(Thing.PICTURE, ref="joint"), "telegram")
    vault, data = centre.store.vault, bytes(PART) + b"the end"
    wanted = write(centre, lambda conn: things.claim(conn, vault, "me", centre.now, LEASE))
    assert [one.source for one in wanted] == ["before", "joint"]
    for thing in wanted:
        mine = Whose(thing.id, "me")
        for place, sealed in enumerate(things.sealed_parts(vault, thing.key, thing.id, data)):
            write(centre, lambda conn, m=mine, p=place, s=sealed: things.put_part(conn, m, p, s))  # type: ignore[misc]
        write(centre, lambda conn, m=mine: things.keep(conn, m, ("pdf", 9, 2), centre.now))  # type: ignore[misc]
    part(centre)
    if brought:
        await chores.follow(centre.store)
        assert holders_of_things(centre) == {centre.person_of("T1", "telegram")}
    for thing in wanted:
        read = [
            centre.store.read(lambda conn, t=thing.id, p=place: things.part(conn, vault, t, p))  # type: ignore[misc]
            for place in (0, 1)
        ]
        assert b"".join(piece or b"" for piece in read) == data
    centre.say("T1", Tapped("m:forget_sure"), "telegram")
    assert set(of_persons(centre)) <= SEEN, "U1 is still there"
    assert [text for text in texts(centre, "U1", "line") if "こんにちは" in text]


async def test_N05_the_free_reply_and_the_menu_of_a_chat_follow_its_person(centre: Centre) -> None:
    both(centre)
    vault, until = centre.store.vault, centre.now + timedelta(hours=1)

    def owners(conn: Connection) -> dict[int, int]:
        """Whose each free reply and each menu is, by contact."""
        columns = [(table.c.contact_id, table.c.person_id) for table in (reply_right, line_menu)]
        return {row[0]: row[1] for pair in columns for row in conn.execute(select(*pair))}

    sides = [person(centre), person(centre, "T1", "telegram")]
    given = [Right(side.contacts[0].id, side.id, f"token of {side.id}", until) for side in sides]
    write(centre, lambda conn: rights.keep(conn, vault, given))
    before = centre.store.read(owners)
    join(centre)
    assert set(centre.store.read(owners).values()) == {centre.person_of("U1")}
    part(centre)
    assert centre.store.read(owners) == before
    mine, theirs = given
    assert write(centre, lambda conn: rights.take(conn, vault, mine.contact_id, centre.now)) == (mine.token, until)
    assert write(centre, lambda conn: rights.take(conn, vault, theirs.contact_id, centre.now)) == (theirs.token, until)


async def test_N05_forms_of_both_sides_are_kept_apart(centre: Centre) -> None:
    in_the_form(centre)
    centre.begin("T1", "telegram")
    centre.say("T1", Tapped("f:consultation"), "telegram")
    centre.say("T1", Tapped("a:1:standing:company"), "telegram")
    join(centre)
    assert "休みます" in texts(centre, "T1", "telegram")[-2]
    assert session_of(centre)["answers"] == {"standing": "npo"}
    centre.say("T1", Tapped("a:1:standing:school"), "telegram")
    assert session_of(centre)["answers"] == {"standing": "npo"}, "an old button of the other side changes nothing"
    part(centre)
    assert session_of(centre)["answers"] == {"standing": "npo"}
    assert person(centre, "T1", "telegram").session["answers"] == {"standing": "company"}  # type: ignore[index]


async def test_N05_the_only_form_goes_on_and_returns_to_whoever_began_it(centre: Centre) -> None:
    both(centre)
    centre.say("T1", Tapped("f:consultation"), "telegram")
    join(centre)
    run = session_of(centre)["run"]
    centre.say("U1", Tapped(f"a:{run}:standing:npo"))
    assert session_of(centre)["answers"] == {"standing": "npo"}
    part(centre)
    assert "answers" not in session_of(centre)
    assert person(centre, "T1", "telegram").session["answers"] == {"standing": "npo"}  # type: ignore[index]


async def test_N05_one_person_has_one_language_and_each_side_its_own_again(centre: Centre) -> None:
    both(centre)
    centre.say("T1", Tapped("l:en"), "telegram")
    typed = code(centre)
    centre.say("T1", typed, "telegram")
    centre.say("T1", "yes", "telegram")
    assert any("From now on I speak" in text for text in texts(centre, "T1", "telegram"))
    assert person(centre).language == "ja"
    part(centre)
    assert (person(centre).language, person(centre, "T1", "telegram").language) == ("ja", "en")


@pytest.mark.parametrize("side", [("U1", "line"), ("T1", "telegram")], ids=["asked on LINE", "asked on Telegram"])
async def test_N05_whoever_is_forgotten_is_forgotten_on_all_channels(centre: Centre, side: tuple[str, str]) -> None:
    case_of(centre)
    case_of(centre, "T1", "telegram")
    centre.say("T1", Showed(Thing.PICTURE, ref="p1"), "telegram")
    join(centre)
    (asked,) = centre.say(side[0], "消して", side[1])[-1:]
    assert "つないだ窓口の分も" in asked.text
    centre.say(side[0], Tapped("m:forget_sure"), side[1])
    assert of_persons(centre) == {}


async def test_N05_who_joined_is_not_forgotten_for_having_been_silent(centre: Centre) -> None:
    both(centre)
    join(centre)
    centre.now += timedelta(days=300)
    centre.say("T1", "こんにちは", "telegram")
    centre.now += timedelta(days=100)
    await nights(centre).look()
    assert of_persons(centre)["contact"] == 2
    centre.now += timedelta(days=300)
    await nights(centre).look()
    assert of_persons(centre) == {}


async def test_N05_what_came_while_its_channel_was_joined_is_heard_as_the_one_person(centre: Centre) -> None:
    both(centre)
    late = centre.event("T1", Tapped("m:menu"), "telegram")
    former = centre.person_of("T1", "telegram")
    join(centre)
    centre.receive(late)

    astray = inbox.update().where(inbox.c.state == "waiting").values(person_id=former)
    write(centre, lambda conn: conn.execute(astray))
    assert centre.hear().heard == 1
    assert [line for line in centre.lines("T1", "telegram") if line.way is talk.Way.OUT]
