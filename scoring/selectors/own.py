"""A household's own deeds as its members read them: what was posted, and no more of a sensitive one than allowed."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F, Sum
from django.db.models.functions import Coalesce

from jifen.accounts.models import User
from jifen.kernel.actors import Actor
from jifen.kernel.points import ZERO
from scoring.models import Declaration, DeclarationState, Entry, Measure, Posting
from scoring.selectors import ended
from scoring.selectors.ended import Ended


@dataclass(frozen=True, slots=True)
class Told:
    """``points``: what counts, posted where it is posted; ``note`` says why it is not what was declared;
    ``is_taken_back``: everything posted of it has been reversed."""

    row: Declaration
    title: str
    points: Decimal
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


def told(rows: Sequence[Declaration], reader: User) -> list[Told]:
    """``rows`` with their merit as it stands in the ledger, corrections counted."""
    posted, standing, over = _posted(rows), _standing(rows), ended.of_all(rows)
    return [_told(row, posted.get(row.pk, ZERO), row.pk in standing, over.get(row.pk), reader) for row in rows]


def _told(row: Declaration, posted: Decimal, stands: bool, over: Ended | None, reader: User) -> Told:
    veiled, done = is_veiled(row, reader), row.state == DeclarationState.POSTED
    title = f"{row.rule.category}（事由不公开）" if veiled else row.rule.title
    differs = done and posted != row.points
    note = _why(row) if differs and not row.rule.is_sensitive else ""
    return Told(row, title, posted if done else row.points, note, done, veiled, done and not stands, over)


def _posted(rows: Sequence[Declaration]) -> dict[int, Decimal]:
    of = Coalesce(F("posting__declaration"), F("posting__reverses__declaration"))
    sums = Entry.objects.filter(measure=Measure.MERIT).alias(of=of).filter(of__in=[row.pk for row in rows])
    return dict(sums.values_list(of).annotate(Sum("amount")))


def _standing(rows: Sequence[Declaration]) -> set[int]:
    """Those (ids) of which a posting stands."""
    found = Posting.objects.filter(declaration__in=[row.pk for row in rows], reversed_at=None)
    return {pk for pk in found.values_list("declaration", flat=True) if pk}


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
    return item.reason if item is not None and adjusted else posting.explanation.rpartition("；")[2]
