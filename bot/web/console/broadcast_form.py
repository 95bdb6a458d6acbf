"""The form of a broadcast: read strictly, and filled again with what was written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from starlette.datastructures import FormData

from bot.web.console.number import line_of
from dialogs.words import LANGUAGES, ORIGINAL
from storage.broadcasts import LONGEST_TITLE, Draft
from storage.outbox import BULK, URGENT

MOST_TYPED = 4000  # of one language, far more than may be said, so that nothing is cut off in silence
FURTHEST = timedelta(days=366)


@dataclass(frozen=True)
class Form:
    """What was filled in, and the keys of what is wrong with it."""

    draft: Draft
    wrong: tuple[str, ...] = ()


def read(form: FormData, zone: ZoneInfo, now: datetime, versions: Sequence[int], corrects: Draft | None) -> Form:
    """A draft out of a form. `versions` are the segments there are; a correction keeps the people of what it corrects.

    `corrects` is the draft as it was kept, where it is a correction.
    """
    wrong: list[str] = []
    texts = {language: _text(form, "text-" + language) for language in LANGUAGES}
    title = " ".join(str(form.get("title") or "").split())
    due, fine = _moment(form, "due", zone)
    expires, also = _moment(form, "expires", zone)
    segment = line_of(form.get("segment")) or None
    wrong += [] if title and len(title) <= LONGEST_TITLE else ["title"]
    wrong += [] if texts[ORIGINAL] else ["no_words"]
    wrong += [] if all(len(text) <= MOST_TYPED for text in texts.values()) else ["too_long"]
    wrong += [] if fine and also else ["no_time"]
    wrong += ["past_due"] if due and due <= now else ["far_due"] if due and due > now + FURTHEST else []
    wrong += ["past_end"] if expires and expires <= max(now, due or now) else []
    drill, urgent = bool(form.get("drill")), form.get("lane") == "urgent"
    wrong += ["drill_end"] if drill and expires is None else []
    wrong += ["no_segment"] if corrects is None and segment not in versions else []
    draft = Draft(
        title=title,
        texts={language: text for language, text in texts.items() if text},
        segment_id=corrects.segment_id if corrects else segment,
        lane=URGENT if urgent else BULK,
        corrects_id=corrects.corrects_id if corrects else None,
        drill=drill,
        due_at=due,
        expires_at=expires,
        partly=bool(form.get("partly")),
        beyond=bool(form.get("beyond")),
    )
    return Form(draft, tuple(wrong))


def _text(form: FormData, name: str) -> str:
    return str(form.get(name) or "").replace("\r\n", "\n").strip()


def _moment(form: FormData, name: str, zone: ZoneInfo) -> tuple[datetime | None, bool]:
    """A moment of the centre's clock as browsers write it, None for an empty field; False where it is none."""
    told = str(form.get(name) or "").strip()
    if not told:
        return None, True
    try:
        meant = datetime.fromisoformat(told)
        return (meant.replace(tzinfo=zone).astimezone(UTC), True) if meant.tzinfo is None else (None, False)
    except (ValueError, OverflowError):
        return None, False
