"""Events with their dates and sign-ups, their feeds, and messages relative to a date."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.migrations.parts import big, count, index, moment, numbered, row, small, to, words

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_LIVE = "state IN ('going', 'waiting', 'offered')"


def upgrade() -> None:
    """Seven tables, empty."""
    _events()
    _sign_ups()
    _imports()
    _reminders()


def _unique(table: str, *columns: str) -> sa.UniqueConstraint:
    return sa.UniqueConstraint(*columns, name=op.f(f"uq_{table}_{'_'.join(columns)}"))


def _events() -> None:
    numbered(
        "event",
        words("uid"),
        count("version", 1),
        words("state"),
        words("content"),
        words("pending", null=True),
        row("editor_id", null=True),
        row("checker_id", null=True),
        moment("changed_at"),
        big("feed_id", null=True),
        words("mark", null=True),
        to("staff", "event", "editor_id"),
        to("staff", "event", "checker_id"),
        _unique("event", "uid"),
    )
    index("ix_event_state", "event", ["state"])
    numbered(
        "event_version",
        row("event_id"),
        count("version"),
        moment("at"),
        row("staff_id", null=True),
        words("what"),
        words("content"),
        to("event", "event_version", "event_id"),
        to("staff", "event_version", "staff_id"),
    )
    index("ix_event_version_event_id", "event_version", ["event_id"])
    numbered(
        "event_date",
        row("event_id"),
        moment("starts_at"),
        moment("ends_at"),
        small("capacity", null=True),
        count("taken"),
        words("state"),
        to("event", "event_date", "event_id"),
    )
    index("ix_event_date_event_id", "event_date", ["event_id"])
    index("ix_event_date_ends_at", "event_date", ["ends_at"])


def _sign_ups() -> None:
    numbered(
        "sign_up",
        row("date_id"),
        row("person_id"),
        big("contact_id"),
        count("people", 1),
        words("state"),
        words("code"),
        moment("at"),
        moment("offered_until", null=True),
        moment("arrived_at", null=True),
        words("answer", null=True),
        to("event_date", "sign_up", "date_id"),
        to("person", "sign_up", "person_id"),
        _unique("sign_up", "code"),
    )
    index("ix_sign_up_person_id", "sign_up", ["person_id"])
    index("ix_sign_up_date_id_state_id", "sign_up", ["date_id", "state", "id"])
    few = sa.text(_LIVE)
    op.create_index(
        "ix_sign_up_once", "sign_up", ["date_id", "person_id"], unique=True, sqlite_where=few, postgresql_where=few
    )
    index("ix_sign_up_offered", "sign_up", ["offered_until"], "state = 'offered'")


def _imports() -> None:
    numbered(
        "event_feed",
        words("url"),
        words("kind"),
        row("staff_id"),
        count("every_minutes", 360),
        words("etag", null=True),
        words("modified", null=True),
        words("mark", null=True),
        words("said", null=True),
        moment("checked_at", null=True),
        moment("next_at"),
        to("staff", "event_feed", "staff_id"),
        _unique("event_feed", "url"),
    )
    numbered(
        "event_import",
        row("staff_id"),
        moment("at"),
        words("name"),
        words("found"),
        to("staff", "event_import", "staff_id"),
    )


def _reminders() -> None:
    numbered(
        "reminder",
        words("kind"),
        big("item"),
        row("person_id"),
        big("contact_id"),
        words("offset"),
        moment("due_at"),
        moment("good_until"),
        words("state"),
        big("outbox_id", null=True),
        moment("done_at", null=True),
        to("person", "reminder", "person_id"),
        _unique("reminder", "kind", "item", "person_id", "offset"),
    )
    index("ix_reminder_person_id", "reminder", ["person_id"])
    index("ix_reminder_due", "reminder", ["due_at"], "state = 'waiting'")
    index("ix_reminder_late", "reminder", ["due_at"], "state = 'late'")
    index("ix_reminder_going", "reminder", ["good_until"], "state = 'sent'")
