"""What the town answered on a month is what its flow decided."""

from collections.abc import Iterator

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Subquery

from jifen.approvals import gate
from jifen.approvals.models import Activation, Flow, Item
from jifen.kernel.checks import Check
from jifen.web.wording import month_cn
from scoring.models import Filing, FilingState
from scoring.selectors.months import SUBJECT_KIND

FIRST = 5

_APART = """
SELECT v.name, r.month FROM scoring_filing f
JOIN scoring_review r ON r.id = f.review_id JOIN community_village v ON v.id = r.village_id
LEFT JOIN LATERAL (
    SELECT i.state FROM approvals_item i WHERE i.subject_kind = 'filing' AND i.subject_id = f.id
    ORDER BY i.id DESC LIMIT 1
) i ON true
WHERE f.kind = 'filing' AND f.state = 'returned'
    OR i.state <> ALL (CASE f.state WHEN 'sent' THEN ARRAY['open', 'suspended']
        WHEN 'returned' THEN ARRAY['rejected', 'terminated'] ELSE ARRAY['approved'] END)
ORDER BY f.id
"""
"""Filings that do not stand as their newest item does; what is only filed is never sent back."""


def checks() -> list[Check]:
    return [
        Check("I5", "月份的备案、审定与审批一致", run=lambda: len(_apart()), told=lambda: _apart()[:FIRST]),
        Check(
            "I5", "有流程的镇没有绕过流程备案、审定", run=lambda: sum(1 for _ in _around()),
            told=lambda: [told for told, _ in zip(_around(), range(FIRST), strict=False)],
        ),
    ]  # fmt: skip


def _apart() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(_APART)
        return [f"{village}{month_cn(month)}" for village, month in cursor.fetchall()]


def _around() -> Iterator[str]:
    """Those answered without an item though a step of the flow in force when they were sent asks for them."""
    items = Item.objects.filter(subject_kind=SUBJECT_KIND, subject_id=OuterRef("pk"))
    then = Activation.objects.filter(subject_kind=SUBJECT_KIND, at__lte=OuterRef("sent_at")).order_by("-at", "-id")
    rows = Filing.objects.filter(~Exists(items), state__in=(FilingState.RECEIVED, FilingState.CONFIRMED))
    rows = rows.annotate(flow=Subquery(then.values("flow")[:1]), deeds=Count("review__items")).exclude(flow=None)
    flows = Flow.objects.in_bulk(set(rows.values_list("flow", flat=True)))
    for row in rows.select_related("review__village").order_by("pk"):
        facts = {"kind": row.kind, "deeds": row.deeds}
        if gate.applies(flows[row.flow].definition, SUBJECT_KIND, facts):
            yield f"{row.review.village.name}{month_cn(row.review.month)}"
