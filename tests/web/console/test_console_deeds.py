"""Claim, reply, note, release, close: once each, by the right person, and nothing typed is ever lost."""

from __future__ import annotations

import pytest
from sqlalchemy import Connection, func, select

from dialogs.saying import Message
from storage import notes, people, tables, talk
from storage.cases import Mode, State
from tests.web.console.office import Office, at_once, key, seen

pytestmark = pytest.mark.anyio
HOSTILE = [
    "<script>fetch('//canary.example')</script>",
    '"><img src=x onerror=alert(1)>',
    "<svg/onload=alert(1)>",
    "</textarea><script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "javascript:alert(1)",
    "<a href='javascript:alert(1)'>x</a>",
    "<div hx-get='//canary.example' hx-trigger='load'>",
    "{{7*7}}${7*7}#{7*7}%s{0.__class__}",
    "<!--><img src=//canary.example>",
    "<meta http-equiv=refresh content='0;//canary.example'>",
    "' OR 1=1--",
    "\u202ertl\u202c \u2066x",
    "\x00\x1b[31mred",
    "\ufff9a\ufffab\ufffb",
]


async def test_C31_of_two_who_take_a_case_at_once_one_wins_and_the_other_is_told_who(either: Office) -> None:
    aoki, baba = either.member("aoki", "青木"), either.member("baba", "馬場")
    async with either.browser(aoki) as one, either.browser(baba) as other:
        for number in range(12):
            case_id = either.case(f"u{number}")
            answers = await at_once(*(who.post(f"/console/cases/{case_id}/claim") for who in (one, other)))
            assert sorted(answer.status_code for answer in answers) == [303, 409]
            loser = next(answer for answer in answers if answer.status_code == 409)
            winner = either.head(case_id).holder_name
            assert f"{winner}さんが担当しています" in loser.text
            assert either.steps(case_id) == ["opened", "claimed"]


async def test_R03_a_reply_sent_many_times_under_one_key_is_one_message(either: Office) -> None:
    case_id, aoki = either.case(mode=Mode.OPEN), either.member("aoki")
    path = f"/console/cases/{case_id}"
    async with either.browser(aoki) as browser:
        await browser.post(path + "/claim")
        form = {"text": "1回だけ届く返事", "key": key(), "seen": seen((await browser.get(path)).text)}
        answers = await at_once(*(browser.post(path + "/reply", data=form) for _ in range(8)))
        answers.append(await browser.post(path + "/reply", data=form))
    assert {(answer.status_code, answer.headers["location"]) for answer in answers} == {
        (303, f"{path}?folder=unassigned&said=reply")
    }
    assert either.told(case_id) == ["1回だけ届く返事"]


async def test_C35_every_other_button_pressed_twice_happens_once_with_the_same_answer(office: Office) -> None:
    case_id, aoki = office.case(), office.member("aoki")
    path = f"/console/cases/{case_id}"
    async with office.browser(aoki) as browser:
        for deed in ("claim", "release", "close", "reopen"):
            if deed == "close":
                await browser.post(path + "/claim")
            first, second = [await browser.post(f"{path}/{deed}") for _ in range(2)]
            assert (first.status_code, first.headers["location"]) == (303, f"{path}?folder=unassigned&said={deed}")
            assert (second.status_code, second.headers["location"]) == (first.status_code, first.headers["location"])
        form = {"text": "メモ", "key": key()}
        assert {(await browser.post(path + "/notes", data=form)).status_code for _ in range(3)} == {303}
    assert office.steps(case_id) == ["opened", "claimed", "released", "claimed", "closed", "reopened", "claimed"]
    assert len(office.store.read(lambda conn: notes.of_case(conn, office.store.vault, case_id))) == 1


async def test_opening_a_case_again_beside_another_leads_to_the_open_one(either: Office) -> None:
    old, aoki = either.case(), either.member("aoki")
    async with either.browser(aoki) as browser:
        await browser.post(f"/console/cases/{old}/close")
        new = either.case()
        led = await browser.post(f"/console/cases/{old}/reopen")
        assert (led.status_code, led.headers["location"]) == (
            303,
            f"/console/cases/{new}?folder=unassigned&said=linked",
        )
        page = (await browser.get(led.headers["location"])).text
        assert "いまこちらで開いています" in page
        assert f'href="/console/cases/{old}?' in page
        assert f'href="/console/cases/{new}?' in (await browser.get(f"/console/cases/{old}")).text
    assert (either.steps(old)[-1], either.steps(new)) == ("linked", ["opened", "linked"])


@pytest.mark.parametrize("kind", ["reply", "notes"])
async def test_C35_the_same_key_with_other_words_is_422_and_keeps_them(either: Office, kind: str) -> None:
    case_id, second, aoki = either.case(mode=Mode.OPEN), either.case("u2", mode=Mode.OPEN), either.member("aoki")
    path, other = f"/console/cases/{case_id}", f"/console/cases/{second}"
    async with either.browser(aoki) as browser:
        for case in (path, other):
            await browser.post(case + "/claim")
        form = {"text": "はじめの文", "key": key(), "seen": "999999"}
        assert (await browser.post(f"{path}/{kind}", data=form)).status_code == 303
        for where, text in ((path, "ちがう文"), (other, "はじめの文")):
            refused = await browser.post(f"{where}/{kind}", data=form | {"text": text})
            assert (refused.status_code, f"{text}</textarea>" in refused.text) == (422, True)
            assert form["key"] not in refused.text  # the next press is one of its own
        assert (await browser.post(f"{path}/{kind}", data=form)).status_code == 303
        await browser.post(path + "/release")
        assert (await browser.post(f"{path}/{kind}", data=form)).status_code == 303  # the same answer, whatever came
    written = either.store.read(lambda conn: notes.of_case(conn, either.store.vault, case_id))
    assert [*either.told(case_id), *(one.text for one in written)] == ["はじめの文"]
    assert either.told(second) == []


async def test_R04_only_the_holder_writes_to_the_resident_and_the_other_keeps_the_words(office: Office) -> None:
    case_id, aoki, baba = office.case(), office.member("aoki", "青木"), office.member("baba")
    path = f"/console/cases/{case_id}"
    async with office.browser(aoki) as mine, office.browser(baba) as other:
        nobody = await other.post(path + "/reply", data={"text": "早すぎる返事", "key": key()})
        assert (nobody.status_code, "いまはだれも担当していません" in nobody.text) == (409, True)
        await mine.post(path + "/claim")
        for deed in ("release", "close"):
            refused = await other.post(f"{path}/{deed}")
            assert (refused.status_code, "青木さんが担当しています" in refused.text) == (409, True)
        late = await other.post(path + "/reply", data={"text": "横からの返事", "key": key()})
        assert (late.status_code, "青木さんが担当しています" in late.text) == (409, True)
    assert office.told(case_id) == []
    assert office.head(case_id).holder == aoki


async def test_R01_a_reply_waits_until_what_is_newer_was_seen(office: Office) -> None:
    case_id = office.case(mode=Mode.OPEN)
    path = f"/console/cases/{case_id}"
    async with office.browser(office.member("aoki")) as browser:
        await browser.post(path + "/claim")
        before = seen((await browser.get(path)).text)
        office.says(case_id, "さっきのは取り消します")
        form = {"text": "では進めますね", "key": key(), "seen": before}
        refused = await browser.post(path + "/reply", data=form)
        assert refused.status_code == 409
        for words in ["新しい発言がありました", "さっきのは取り消します", ">\nでは進めますね</textarea>", form["key"]]:
            assert words in refused.text
        assert office.told(case_id) == []
        again = await browser.post(path + "/reply", data=form | {"seen": seen(refused.text)})
        assert again.status_code == 303
    assert office.told(case_id) == ["では進めますね"]


async def test_a_note_never_reaches_the_resident(office: Office) -> None:
    case_id = office.case(mode=Mode.OPEN)
    path = f"/console/cases/{case_id}"
    async with office.browser(office.member("aoki")) as browser:
        await browser.post(path + "/claim")
        sent_before = len(_said(office, case_id)), office.store.read(_parcels)
        await browser.post(path + "/notes", data={"text": "ご家族に注意", "key": key(), "kind": "reply", "seen": "9"})
        page = (await browser.get(path)).text
    assert "ご家族に注意" in page[page.index('class="notes"') :]
    assert "ご家族に注意" not in page[: page.index('class="notes"')]
    assert (len(_said(office, case_id)), office.store.read(_parcels)) == sent_before


def _said(office: Office, case_id: int) -> list[talk.Said]:
    return office.store.read(lambda conn: talk.of_case(conn, office.store.vault, case_id))


def _parcels(conn: Connection) -> int:
    return int(conn.execute(select(func.count()).select_from(tables.outbox)).scalar_one())


@pytest.mark.parametrize(
    ("text", "words"),
    [("", "文が書かれていません"), (" 　\n\t", "文が書かれていません"), ("長" * 4001, "4,000文字まで")],
    ids=["nothing", "only spaces", "too long"],
)
@pytest.mark.parametrize("kind", ["reply", "notes"])
async def test_what_cannot_be_sent_is_said_and_kept(office: Office, kind: str, text: str, words: str) -> None:
    case_id = office.case()
    path = f"/console/cases/{case_id}"
    async with office.browser(office.member("aoki")) as browser:
        await browser.post(path + "/claim")
        answer = await browser.post(f"{path}/{kind}", data={"text": text, "key": key()})
    assert (answer.status_code, words in answer.text) == (409, True)
    assert text.strip() in answer.text


@pytest.mark.parametrize("bad", ["", "1", "not a key", "x" * 5000])
async def test_a_form_without_its_key_is_not_sent(office: Office, bad: str) -> None:
    case_id = office.case()
    path = f"/console/cases/{case_id}"
    async with office.browser(office.member("aoki")) as browser:
        await browser.post(path + "/claim")
        answer = await browser.post(path + "/reply", data={"text": "返事です", "key": bad})
    assert (answer.status_code, "返事です</textarea>" in answer.text) == (409, True)
    assert office.told(case_id) == []


async def test_C13_fields_nobody_asked_for_change_nothing(office: Office) -> None:
    case_id, aoki, baba = office.case(), office.member("aoki"), office.member("baba")
    async with office.browser(aoki) as browser:
        extra = {"holder": str(baba), "staff_id": str(baba), "state": "closed", "role": "chief", "case_id": "77"}
        await browser.post(f"/console/cases/{case_id}/claim", data=extra)
    head = office.head(case_id)
    assert (head.holder, head.state) == (aoki, State.CLAIMED)


async def test_an_address_that_only_takes_posts_leads_back_to_its_case(office: Office) -> None:
    case_id = office.case()
    async with office.browser(office.member("aoki")) as browser:
        answer = await browser.get(f"/console/cases/{case_id}/reply")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/console/cases/{case_id}")


@pytest.mark.parametrize("text", HOSTILE)
async def test_C01_whatever_people_write_stays_text(office: Office, text: str) -> None:
    aoki = office.member("aoki", f"青木{text}")
    case_id = office.case(mode=Mode.OPEN, rows=[["story", "相談", text]], topics=[text], topic="other")
    office.says(case_id, text)
    path = f"/console/cases/{case_id}"
    async with office.browser(aoki) as browser:
        await browser.post(path + "/claim")
        await browser.post(path + "/notes", data={"text": text, "key": key()})
        page = (await browser.get(path)).text
        await browser.post(path + "/reply", data={"text": text, "key": key(), "seen": seen(page)})
        pages = [(await browser.get(where)).text for where in (path, "/console?folder=mine", "/me")]
        pages.append((await browser.post(path + "/reply", data={"text": text, "key": ""})).text)
    for shown in pages:
        for tag in ["<script>", "<img src=x", "<svg/", "<math", "<a href='java", "<div hx-get", "<meta http", "<!-->"]:
            assert tag not in shown
        body = shown.partition("<body")[2]
        assert not set("\x00\x1b\u202e\u2066\ufff9").intersection(body.partition("<textarea")[0])
        assert "49" not in "".join(part.split("</bdi>")[0] for part in body.split('<bdi class="theirs">')[1:])


async def test_readings_are_drawn_in_what_the_bot_said_and_only_there(office: Office) -> None:
    case_id = office.case()
    marked = "\ufff9相談\ufffaそうだん\ufffb"
    office.says(case_id, marked)

    def bot(conn: Connection) -> None:
        person_id = office.head(case_id).person_id
        assert person_id is not None
        person = people.load(conn, office.store.vault, [person_id])[person_id]
        line = talk.Line(
            person_id=person.id,
            key=person.key,
            at=office.clock(),
            way=talk.Way.OUT,
            author=talk.Author.BOT,
            body=Message(marked).to_json(),
            case_id=case_id,
        )
        talk.write(conn, office.store.vault, [line])

    office.write(bot)
    async with office.browser(office.member("aoki")) as browser:
        page = (await browser.get(f"/console/cases/{case_id}")).text
    assert page.count("<ruby>相談") == 1
