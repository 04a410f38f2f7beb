from collections.abc import Collection
from datetime import date

from django.db import connection
from django.db.models import Count, Q, QuerySet

from jifen.kernel import clock
from reporting.errors import NoticeUnknown
from reporting.models import Notice, NoticeKind
from reporting.periods import Quarter
from tenants.community import selectors as community
from tenants.community.models import Village

_WAITING = """
SELECT v.id FROM community_village v
WHERE EXISTS (
    SELECT 1 FROM scoring_review r
    WHERE r.village_id = v.id AND r.month BETWEEN %(from)s AND %(to)s AND r.state <> 'posted'
) OR (
    NOT EXISTS (SELECT 1 FROM scoring_review r WHERE r.village_id = v.id AND r.month = %(last)s)
    AND EXISTS (SELECT 1 FROM scoring_declaration d WHERE d.village_id = v.id AND d.state = 'ready'
                AND d.happened_on BETWEEN %(last)s AND %(to)s)
)"""

_OPEN = Q(objections__state="raised", objections__is_direct=False)


def waiting_villages(quarter: Quarter) -> set[int]:
    """Villages that still have a month of ``quarter`` to review or to post."""
    last = clock.month_start(quarter.last_day)
    with connection.cursor() as cursor:
        cursor.execute(_WAITING, {"from": quarter.first_day, "to": quarter.last_day, "last": last})
        return {village for (village,) in cursor.fetchall()}


def joined_villages(quarter: Quarter, villages: Collection[Village] | None = None) -> set[int]:
    """Ids of the villages (None: all) in which a household had joined by the quarter's last day: others have nothing
    to announce."""
    wanted = list(Village.objects.all() if villages is None else villages)
    return {
        village.pk for village, share in community.participation_by_village(quarter.last_day, wanted) if share.joined
    }


def published_villages(quarter: Quarter) -> QuerySet[Notice, int | None]:
    """Ids of the villages whose notice of the quarter hangs."""
    rows = Notice.objects.filter(kind=NoticeKind.VILLAGE_QUARTER, year=quarter.year, quarter=quarter.number)
    return rows.values_list("village_id", flat=True)


def published(villages: Collection[int] | None = None) -> QuerySet[Notice]:
    """Newest first; ``villages`` None means all. The town's own notices are everybody's."""
    rows = (
        Notice.objects.order_by("-published_at", "-pk")
        .select_related("village")
        .annotate(open_objections=Count("objections", filter=_OPEN, distinct=True))
    )
    return rows if villages is None else rows.filter(Q(village__in=villages) | Q(village=None))


def by_id(pk: int, villages: Collection[int] | None = None) -> Notice:
    """Raises:
    NoticeUnknown: there is none, or it is not this person's.
    """
    notice = published(villages).filter(pk=pk).first()
    if notice is None:
        raise NoticeUnknown
    return notice


def by_token(token: str) -> Notice:
    """Raises:
    NoticeUnknown: no notice has this address.
    """
    notice = Notice.objects.select_related("village", "corrects").filter(token=token).first()
    if notice is None:
        raise NoticeUnknown
    return notice


def is_open(notice: Notice, day: date) -> bool:
    """Still on the wall on ``day`` (the last day included)."""
    return day <= notice.closes_on


def listing(posting_id: int, *, year: int, village_id: int) -> Notice | None:
    """The village's quarter notice on which the entries of ``posting_id`` stood."""
    rows = Notice.objects.filter(
        kind=NoticeKind.VILLAGE_QUARTER,
        year=year,
        village=village_id,
        snapshot__changes__contains=[{"posting": posting_id}],
    )
    return rows.order_by("quarter").first()


def questionable(village_id: int, day: date) -> QuerySet[Notice]:
    """Notices that the people of the village can still object to on ``day``."""
    return published([village_id]).filter(objections_until__gte=day, corrects=None)
