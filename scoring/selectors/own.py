"""A deed as the ledger has it: what was posted and why it is not what was declared.

A household reads no more of a sensitive one than it may; the staff reads all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from django.db import connection

from jifen.accounts.models import User
from jifen.kernel.actors import Actor
from jifen.kernel.points import ZERO
from jifen.web.wording import without_code
from scoring.models import Declaration, DeclarationState, Posting
from scoring.selectors import ended
from scoring.selectors.ended import Ended
from scoring.sql import ledger as sql


class Ledgered(NamedTuple):
    """What the ledger has of a deed, corrections counted; ``stands``: some posting of it is not reversed."""

    merit: Decimal = ZERO
    redeemable: Decimal = ZERO
    stands: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """``points`` (merit) and ``redeemable``: what counts, posted where it is posted; ``note`` says why it is not what
    was declared; ``is_taken_back``: everything posted of it has been reversed."""

    row: Declaration
    title: str
    points: Decimal
    redeemable: Decimal
    note: str
    is_posted: bool
    is_veiled: bool
    is_taken_back: bool
    ended: Ended | None = None
    """How it came to its end, where nobody decided."""

    @property
    def differs(self) -> bool:
        return self.is_posted and self.points != self.row.points


def is_veiled(row: Declaration, reader: User) -> bool:
    """A deed marked 不公开事由 is named to whoever declared it alone, not to the rest of her household."""
    told_by = (row.actor_realm, row.actor_id) == (Actor.of(reader).realm, reader.pk)
    return row.rule.is_sensitive and not told_by and (row.declarer is None or row.declarer.user_id != reader.pk)


def told(rows: Sequence[Declaration], reader: User | None, *, notes: bool = True) -> list[Told]:
    """``rows`` with their points as they stand in the ledger; for ``reader``, of her own household, or for the staff.

    ``notes``: with the reasons, up to three questions for each deed that was posted otherwise than declared.
    """
    found, over = ledgered(rows), ended.of_all(rows)
    return [_told(row, found.get(row.pk, Ledgered()), over.get(row.pk), reader, notes) for row in rows]


def ledgered(rows: Sequence[Declaration]) -> dict[int, Ledgered]:
    """What the ledger has of those of ``rows`` (by id) that are posted."""
    deeds = [row.pk for row in rows if row.state == DeclarationState.POSTED]
    if not deeds:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(sql.LEDGERED, {"deeds": deeds})
        return {pk: Ledgered(*found) for pk, *found in cursor.fetchall()}


def _told(row: Declaration, found: Ledgered, over: Ended | None, reader: User | None, notes: bool) -> Told:
    veiled, done = reader is not None and is_veiled(row, reader), row.state == DeclarationState.POSTED
    title = f"{row.rule.category}（事由不公开）" if veiled else row.rule.title
    is_told = notes and done and found.merit != row.points and (reader is None or not row.rule.is_sensitive)
    points, redeemable = (found.merit, found.redeemable) if done else (row.points, row.redeemable)
    note = _why(row) if is_told else ""
    return Told(row, title, points, redeemable, note, done, veiled, done and not found.stands, over)


def _why(row: Declaration) -> str:
    """The last word on its points: a correction, the limit, or the committee's reason."""
    posting = row.postings.order_by("-pk").first()
    if posting is None:
        return ""
    reversal = Posting.objects.filter(reverses=posting).first()
    if reversal is not None:
        return reversal.reason
    item = posting.review_item
    adjusted = item is not None and item.points != row.points and item.reason
    return item.reason if item is not None and adjusted else without_code(posting.explanation.rpartition("；")[2])
