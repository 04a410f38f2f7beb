"""What a flow looks at when a villager's deed is verified, and what those facts may hold in this town."""

from django.db.models import Q

from jifen.kernel import clock
from scoring.models import JUDGING, Declaration, Rule, Sign
from scoring.rules import asking
from scoring.selectors.rules import spec_of


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
