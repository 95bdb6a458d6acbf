"""A case changes hands while everybody is busy with it: the resident writes, a reply is on its way, others press."""

from __future__ import annotations

import asyncio
import random
import uuid
from dataclasses import dataclass, field
from datetime import datetime

import httpx2
import pytest

from storage import audit, cases, talk
from storage.audit import What
from storage.talk import Author
from tests.faults.contest import CHIBA, GROUP, Console, Contest, contest, said_on
from tests.faults.living import HANAKO

pytestmark = pytest.mark.anyio
UNDO_S = 10


@dataclass
class Shift:
    """What was written so far: by the resident, and by staff so that it must arrive, or must not."""

    of: Contest
    chance: random.Random
    wrote: list[str] = field(default_factory=list)
    sent: list[str] = field(default_factory=list)
    kept_back: list[str] = field(default_factory=list)

    async def write(self) -> None:
        """The resident writes three times."""
        for _ in range(3):
            words = f"{len(self.wrote) + 1}つ目の話"
            self.wrote.append(words)
            assert (await self.of.living.line.say(HANAKO, words)).ok

    async def later(self, *, at_most_ms: int = 12) -> None:
        """Somewhere in the next moment."""
        await asyncio.sleep(self.chance.randrange(at_most_ms + 1) / 1000)

    async def passes(self, giver: Console, taker: Console, summary: str) -> None:
        """The holder gives the case to their colleague."""
        await self.later()
        to, key = str(taker.member.id), str(uuid.uuid4())
        assert (await giver.do(self.of.case_id, "pass", to=to, text=summary, key=key)).status_code == 303

    async def sends(self, writer: Console, text: str, page: str) -> httpx2.Response:
        """A reply from a page as it was; it must arrive when it was taken, and only then."""
        await self.later()
        answer = await writer.write(self.of.case_id, text, page)
        assert answer.status_code in {303, 409}
        (self.sent if answer.status_code == 303 else self.kept_back).append(text)
        return answer


async def transfer(shift: Shift, giver: Console, taker: Console, number: int) -> None:
    """Everything at once; afterwards only the new holder can do anything."""
    of, chance, summary = shift.of, shift.chance, f"{number}回目の引きつぎ"
    of.telegram.hook_url = f"{chance.choice(of.bases)}/telegram/webhook"
    sent = await shift.sends(giver, f"{number}回目の返事", await giver.page(of.case_id))
    assert sent.status_code == 303  # held back for second thoughts
    draft, page = f"{number}回目の下書き", await giver.page(of.case_id)
    _, late, _, pressed, _ = await asyncio.gather(
        shift.passes(giver, taker, summary),
        shift.sends(giver, draft, page),
        shift.write(),
        of.press("claim"),
        taker.page(of.case_id),
    )
    assert pressed in {f"{one.member.name}さんが担当しています。" for one in (giver, taker)}
    if late.status_code == 409:
        assert f"{draft}</textarea>" in late.text
        assert f"{taker.member.name}さんが担当しています" in late.text or "新しい発言がありました" in late.text
    await of.quiet()
    assert (await of.head()).holder == taker.member.id
    await nobody_else(shift, giver, number)
    pages = [await console.page(of.case_id) for console in (giver, taker)]
    assert [said_on(page) for page in pages] == [shift.wrote] * 2
    assert summary in pages[1]
    of.later(30)


async def nobody_else(shift: Shift, was: Console, number: int) -> None:
    """Who gave it away, and whoever is in the group, can only look on; what they wrote stays with them."""
    of, text = shift.of, f"{number}回目の横からの返事"
    page = await was.page(of.case_id)
    assert 'id="reply-form"' not in page
    assert (await shift.sends(was, text, page)).status_code == 409
    key = str(uuid.uuid4())
    for deed in ("claim", "close", "pass"):
        answer = await was.do(of.case_id, deed, to=str(of.chiba.id), text="", key=key)
        assert answer.status_code == 409
    aside = f"{number}回目のグループからの返事"
    assert (await of.telegram.say(CHIBA, aside, chat=GROUP, thread=of.card()["message_thread_id"])).ok
    shift.kept_back.append(aside)


async def in_order(of: Contest) -> int:
    """The record reads as it happened: only holders gave and wrote; how many replies there were."""
    await asyncio.to_thread(audit.check, of.living.parts.store)
    kept = await of.living.read(lambda conn: audit.of_case(conn, of.case_id))
    steps = await of.living.read(lambda conn: cases.history(conn, of.case_id))
    to = iter(int(one.data["to"]) for one in steps if one.kind == "handed_over")
    holder, replies = None, 0
    for one in sorted(kept, key=lambda one: one.id):
        if one.what == What.CLAIM:
            holder = one.staff_id
        if one.what == What.GIVE:
            assert one.staff_id == holder
            holder = next(to)
        if one.what == What.REPLY:
            assert one.staff_id == holder
            replies += 1
    assert next(to, None) is None
    return replies


async def transfers(url: str, now: datetime, rounds: int, seed: int) -> Shift:
    """So many transfers, to and fro."""
    async with contest(url, now, undo_seconds=str(UNDO_S)) as of:
        shift = Shift(of, random.Random(seed))  # noqa: S311 - who is quicker, no secret
        giver, taker = of.consoles
        assert (await giver.do(of.case_id, "claim")).status_code == 303
        for number in range(1, rounds + 1):
            await transfer(shift, giver, taker, number)
            giver, taker = taker, giver
        assert (await shift.sends(giver, "おしまいの返事", await giver.page(of.case_id))).status_code == 303
        of.later(UNDO_S + 1)
        await of.until(lambda: "おしまいの返事" in of.told())
        await all_once(shift)
    return shift


async def all_once(shift: Shift) -> None:
    """Each word arrived once and in order: at the consoles, on the resident's phone, in the group, in the record."""
    of, vault = shift.of, shift.of.living.parts.store.vault
    await of.quiet()
    await of.nothing_missed()
    lines = await of.living.read(lambda conn: talk.of_case(conn, vault, of.case_id, at_most=10_000))
    ours = [(one.author, str((one.body or {}).get("text"))) for one in lines if one.author is not Author.PERSON]
    assert of.told() == [text for _, text in ours]
    assert [text for author, text in ours if author is Author.STAFF] == shift.sent
    assert not set(of.told()) & set(shift.kept_back)
    assert await in_order(of) == len(shift.sent)
    of.later(60)
    shown = await shown_in_group(of, shift.wrote[-1])
    assert [one for one in shown.splitlines() if one in set(shift.wrote)] == shift.wrote


async def shown_in_group(of: Contest, last: str) -> str:
    """Everything below the card, once the newest words are there."""
    await of.until(lambda: last in of.telegram.delivered(GROUP)[-1]["text"] or last in below(of))
    return below(of)


def below(of: Contest) -> str:
    return "\n".join(one["text"] for one in of.telegram.delivered(GROUP)[1:])


async def test_R10_a_case_changes_hands_while_all_are_busy_with_it(database_url: str, now: datetime) -> None:
    shift = await transfers(database_url, now, 3, seed=10)
    assert len(shift.wrote) == 9


@pytest.mark.long
@pytest.mark.parametrize("seed", range(1, 6))
async def test_R10_two_hundred_transfers_to_and_fro(database_url: str, now: datetime, seed: int) -> None:
    shift = await transfers(database_url, now, 40, seed)  # five seeds
    assert len(shift.wrote) == 120
    assert 0 < sum(one.endswith("下書き") for one in shift.sent) < 40  # some were quicker than the transfer
