"""Drafts of notices, in towns that approve them before they hang."""

from collections.abc import Collection, Iterable

from django.db.models import Q, QuerySet

from jifen.approvals import selectors as flows
from reporting.errors import DraftUnknown
from reporting.models import DraftState, NoticeDraft
from reporting.periods import Quarter
from tenants.community.models import Village

KIND = "notice"


def is_needed() -> bool:
    """Whether the town has chosen a flow for its notices."""
    return flows.has_flow(KIND)


def of(village: Village | None, quarter: Quarter) -> QuerySet[NoticeDraft]:
    """Newest first."""
    return NoticeDraft.objects.filter(village=village, year=quarter.year, quarter=quarter.number).order_by("-attempt")


def waiting(village: Village | None, quarter: Quarter) -> NoticeDraft | None:
    """The one that is being approved; there is at most one."""
    return of(village, quarter).filter(state=DraftState.WAITING).first()


def where(village: Village | None, quarter: Quarter) -> str:
    """Where the quarter's draft is decided, or what to do first."""
    draft = waiting(village, quarter)
    item = flows.open_item(KIND, draft.pk) if draft else None
    return f"草稿现在在“{flows.waits_at(item)}”。" if item else "请先送审。"


def without_waiting(villages: Iterable[Village], quarter: Quarter) -> list[Village]:
    """Those of ``villages`` whose draft is not being approved."""
    rows = NoticeDraft.objects.filter(state=DraftState.WAITING, year=quarter.year, quarter=quarter.number)
    busy = set(rows.values_list("village_id", flat=True))
    return [village for village in villages if village.pk not in busy]


def current(villages: Collection[int] | None) -> QuerySet[NoticeDraft]:
    """The newest draft of each quarter that does not hang yet; ``villages`` None means all. The town's own is its
    office's."""
    rows = NoticeDraft.objects.filter(state__in=(DraftState.WAITING, DraftState.REFUSED, DraftState.WITHDRAWN))
    later = NoticeDraft.objects.order_by("kind", "village_id", "year", "quarter", "-attempt")
    newest = later.distinct("kind", "village_id", "year", "quarter").values("pk")
    rows = rows.filter(pk__in=newest).select_related("village").order_by("due_on", "village__code", "pk")
    return rows if villages is None else rows.filter(village__in=villages)


def readable(villages: Collection[int] | None) -> QuerySet[NoticeDraft]:
    """All that the people of ``villages`` may see, newest first; the town's own only once it hangs."""
    rows = NoticeDraft.objects.select_related("village", "notice").order_by("-pk")
    return rows if villages is None else rows.filter(Q(village__in=villages) | Q(village=None, notice__isnull=False))


def by_id(pk: int, villages: Collection[int] | None) -> NoticeDraft:
    """Raises:
    DraftUnknown: there is none, or it is not this person's.
    """
    found = readable(villages).filter(pk=pk).first()
    if found is None:
        raise DraftUnknown
    return found
