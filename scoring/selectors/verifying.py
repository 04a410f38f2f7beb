"""Villagers' deeds on their way to the sheet: what waits, what was sent back, and what their flow looks at."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from jifen.approvals import selectors as approvals
from jifen.approvals.models import ItemState
from jifen.kernel import clock
from scoring.models import JUDGING, Declaration, DeclarationState, Rule, Sign
from scoring.rules import asking
from scoring.selectors.rules import spec_of

SUBJECT_KIND = "declaration"


def verify_queue(village_ids: set[int] | None, user_id: int | None = None) -> QuerySet[Declaration]:
    """Villagers' declarations that wait to be verified, by ``user_id`` or by anybody, oldest first.

    Not what was sent back to whoever declared it, nor what is suspended.
    """
    anybody = approvals.subjects_in(SUBJECT_KIND, ItemState.OPEN)
    waiting = anybody if user_id is None else approvals.subjects_at(user_id, SUBJECT_KIND)
    found = Declaration.objects.filter(state=DeclarationState.SUBMITTED, pk__in=waiting)
    if village_ids is not None:
        found = found.filter(village_id__in=village_ids)
    found = found.select_related("household__head", "resident", "rule", "declarer")
    return found.prefetch_related("evidence__file").order_by("recorded_at")


def sent_back(rows: Iterable[Declaration]) -> set[int]:
    """The ids of those of ``rows`` that are with whoever declared them, to be mended."""
    asked = [row.pk for row in rows if row.state == DeclarationState.SUBMITTED]
    return set(approvals.subjects_in(SUBJECT_KIND, ItemState.RETURNED).filter(subject_id__in=asked)) if asked else set()


def facts(declaration: Declaration) -> dict[str, object]:
    """By the names of ``DeclarationKind.facts``."""
    rule = declaration.rule
    return {
        "points": str(declaration.points),
        "declared_by": declaration.declared_by,
        "is_negative": rule.sign == Sign.NEGATIVE or declaration.points < 0,
        "category": rule.category,
        "has_evidence": declaration.evidence.exists(),
        "discretionary": asking.span(spec_of(rule), declaration.facts.get("tier")) is not None,
    }


def categories() -> list[str]:
    """Of all rules that judge today's deeds or will, the town's and its villages'; empty before there is a rulebook."""
    today = clock.today()
    rows = Rule.objects.filter(Q(version__effective_to=None) | Q(version__effective_to__gt=today))
    rows = rows.filter(version__state__in=JUDGING).order_by("category")
    return list(rows.values_list("category", flat=True).distinct())
