"""The work on a case over HTTP: its checklist, and cases that are merged, related and split."""

from __future__ import annotations

import re
from html import unescape

import pytest

from storage import audit, cases, standings, talk, ties
from storage.cases import State
from storage.staff import Role
from storage.standings import Kind, New
from tests.web.console.office import Office, at_once, key

pytestmark = pytest.mark.anyio


def held(office: Office, member: int, address: str = "u1") -> int:
    """A case that this member holds."""
    case_id = office.case(address)
    office.write(lambda conn: cases.claim(conn, case_id, member, office.clock()))
    return case_id


def deeds(office: Office, case_id: int) -> list[str]:
    return [one.what for one in office.store.read(lambda conn: audit.of_case(conn, case_id))]


def lines(page: str) -> list[str]:
    """The words in the talk of a page, in order."""
    found = re.findall(r'<article class="bubble.*?</article>', page, re.DOTALL)
    return [re.sub(r"<[^>]+>", "", "".join(re.findall(r'class="words">(.*?)</p>', one))) for one in found]


async def test_an_item_is_ticked_by_whoever_was_first_and_the_rest_is_named_at_the_end(either: Office) -> None:
    aoki, baba = either.member("aoki", "青木"), either.member("baba", "馬場")
    case_id = held(either, aoki)
    path = f"/console/cases/{case_id}"
    async with either.browser(aoki) as one, either.browser(baba) as other:
        form = {"item": "money_use", "on": "yes"}
        answers = await at_once(*(who.post(f"{path}/tick", data=form) for who in (one, other, one, other)))
        assert {answer.status_code for answer in answers} == {303}
        page = (await one.get(path)).text
        assert page.count('aria-pressed="true"') == 1
        assert "お金の使いみちと金額を聞いた" in page
        assert "まだの項目が7件あります" in page
        assert "場所・日時・人数を聞いた" not in page  # of another topic
        for wrong in ("event_place", "nothing", ""):
            assert (await one.post(f"{path}/tick", data={"item": wrong, "on": "yes"})).status_code == 409
        await other.post(f"{path}/tick", data=form | {"on": "no"})
        assert 'aria-pressed="true"' not in (await one.get(path)).text
        assert (await one.post(f"{path}/close")).status_code == 303  # warned, never kept from it
    assert either.head(case_id).state is State.CLOSED
    assert "tick" in deeds(either, case_id)


async def test_two_cases_of_one_person_become_one_and_two_again(either: Office) -> None:
    aoki = either.member("aoki")
    here, there = held(either, aoki), either.case()
    either.says(here, "はじめの話")
    either.says(there, "つぎの話")
    ref, path = either.head(there).ref, f"/console/cases/{here}"
    async with either.browser(aoki) as browser:
        for _ in range(2):
            assert (await browser.post(f"{path}/merge", data={"ref": ref.lower()})).status_code == 303
        page = (await browser.get(path)).text
        assert lines(page) == ["はじめの話", "つぎの話"]
        assert f"相談 {ref} での発言" in page
        assert either.head(there).state is State.CLOSED
        assert "次の相談にまとめました" in (await browser.get(f"/console/cases/{there}")).text
        assert (either.steps(here)[-1], either.steps(there)[-2:]) == ("merged", ["closed", "merged"])
        for _ in range(2):
            await browser.post(f"{path}/unmerge", data={"other": str(there)})
        assert either.head(there).state is State.NEW
        assert lines((await browser.get(path)).text) == ["はじめの話"]
    assert (either.steps(here)[-1], either.steps(there)[-2:]) == ("unmerged", ["reopened", "unmerged"])
    assert {"merge", "unmerge"} <= set(deeds(either, here))
    said = either.store.read(lambda conn: talk.of_case(conn, either.store.vault, there))
    assert [one.author.value for one in said] == ["person"]  # the resident was told nothing


async def test_only_the_holder_merges_and_never_what_is_somebody_elses(office: Office) -> None:
    aoki, baba = office.member("aoki"), office.member("baba", "馬場")
    here, there, other = held(office, aoki), held(office, baba), office.case("u2")
    path = f"/console/cases/{here}"
    tried = [(office.head(there).ref, "馬場さんが担当"), (office.head(other).ref, "別の方の相談です")]
    tried += [(office.head(here).ref, "この相談と同じ"), ("ZZZ-ZZZZ", "見つかりません"), ("<b>", "見つかりません")]
    async with office.browser(aoki) as browser:
        for ref, said in tried:
            answer = await browser.post(f"{path}/merge", data={"ref": ref})
            assert (answer.status_code, said in answer.text) == (409, True), ref
    async with office.browser(baba) as browser:
        answer = await browser.post(f"{path}/merge", data={"ref": office.head(there).ref})
        assert answer.status_code == 409
        assert (await browser.post(f"{path}/unmerge", data={"other": str(there)})).status_code == 409
    assert [office.head(one).closed_at for one in (here, there, other)] == [None] * 3


async def test_related_cases_name_each_other_but_not_to_whom_one_is_hidden(either: Office) -> None:
    aoki, baba = either.member("aoki"), either.member("baba")
    here, there = held(either, aoki), either.case("u2")
    refs = [either.head(one).ref for one in (here, there)]
    async with either.browser(aoki) as browser:
        path = f"/console/cases/{here}"
        for _ in range(2):
            assert (await browser.post(f"{path}/relate", data={"ref": refs[1]})).status_code == 303
        assert "関係する相談:" in (await browser.get(path)).text
        assert refs[0] in (await browser.get(f"/console/cases/{there}")).text
        assert either.steps(here).count("related") == 1
    hidden = New(Kind.APART, baba, None)
    either.write(lambda conn: standings.put(conn, hidden, either.head(there), either.clock()))
    async with either.browser(baba) as browser:
        assert refs[1] not in (await browser.get(f"/console/cases/{here}")).text  # neither as a tie nor in the history
    hidden = New(Kind.APART, aoki, None)
    either.write(lambda conn: standings.put(conn, hidden, either.head(there), either.clock()))
    async with either.browser(aoki) as browser:
        answer = await browser.post(f"{path}/relate", data={"ref": refs[1]})
        assert (answer.status_code, "見つかりません" in answer.text) == (409, True)


async def test_chosen_messages_begin_a_case_of_their_own_and_stay_where_they_were_said(either: Office) -> None:
    aoki = either.member("aoki")
    case_id = held(either, aoki)
    for text in ("助成金のこと", "部屋のこと", "<img src=x onerror=alert(1)>"):
        either.says(case_id, text)
    said = either.store.read(lambda conn: talk.of_case(conn, either.store.vault, case_id))
    path, form = f"/console/cases/{case_id}", {"line": [str(said[1].id)], "topic": "place", "key": key()}
    async with either.browser(aoki) as browser:
        answers = await at_once(*(browser.post(f"{path}/split", data=form) for _ in range(3)))
        assert [answer.status_code for answer in answers] == [303] * 3
        (tied,) = either.store.read(lambda conn: ties.of_case(conn, case_id))
        new = either.head(tied.other_id)
        assert (new.topic, new.state, new.holder, new.asked_at) == ("place", State.NEW, None, either.clock())
        page = (await browser.get(f"/console/cases/{new.id}")).text
        assert lines(page) == ["部屋のこと"]
        assert f"相談 {either.head(case_id).ref} での発言" in page
        mother = (await browser.get(path)).text
        assert f"この発言から、相談 {new.ref} を分けました" in mother
        assert "<img src=x" not in mother
        wrongs: list[dict[str, str | list[str]]] = [{"line": []}, {"line": ["999"]}, {"topic": "x"}, {"key": ""}]
        for wrong in wrongs:
            assert (await browser.post(f"{path}/split", data=form | {"key": key()} | wrong)).status_code == 409
    told = either.store.read(lambda conn: talk.of_case(conn, either.store.vault, case_id))[-1]
    assert new.ref in str(told.body)
    assert either.steps(new.id) == ["opened", "split"]


async def test_a_specialist_who_was_asked_into_one_case_reads_nothing_of_what_went_into_it(office: Office) -> None:
    aoki, kato = office.member("aoki"), office.member("kato", role=Role.SPECIALIST)
    here, there = held(office, aoki), office.case()
    office.says(there, "ないしょの話")
    ref = office.head(there).ref
    async with office.browser(aoki) as browser:
        await browser.post(f"/console/cases/{here}/merge", data={"ref": ref})
        await browser.post(f"/console/cases/{here}/ask", data={"who": str(kato)})
    async with office.browser(kato) as browser:
        page = unescape((await browser.get(f"/console/cases/{here}")).text)
    assert ("ないしょの話" in page, ref in page) == (False, False)
