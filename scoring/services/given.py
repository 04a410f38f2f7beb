"""Points that whoever verifies a declaration gives within the rule's range, on its way to the month's sheet.

They are a figure of the deed like any other: it is priced anew with them, so that the engine can say the same again.
"""

from decimal import Decimal
from typing import Any

from jifen.kernel.actors import Actor
from jifen.kernel.errors import JifenError
from jifen.kernel.points import plain
from scoring.models import ChangeKind, Declaration
from scoring.rules import asking
from scoring.selectors.rules import spec_of
from scoring.services import changes, pricing


def span(declaration: Declaration) -> tuple[Decimal, Decimal] | None:
    """Least and most, signed, where the rule leaves them to judgement and nothing multiplies them."""
    spec = spec_of(declaration.rule)
    open_to = asking.span(spec, declaration.facts.get("tier"))
    if open_to is None:
        return None
    ends = sorted(spec.factor * end for end in open_to)
    fits = all(_priced(declaration, end) is not None for end in ends)
    return (ends[0], ends[1]) if fits else None


def fits(declaration: Declaration, points: Decimal) -> bool:
    """Whether the rule can give exactly these: some ranges go in steps."""
    return _priced(declaration, points) is not None


def give(declaration: Declaration, points: Decimal, by: Actor) -> Declaration:
    """The declaration is worth ``points`` now; what was undecided is decided."""
    found = _priced(declaration, points)
    if found is None or (declaration.points == points and not declaration.undecided):
        return declaration
    changes.keep(declaration, ChangeKind.POINTS, by)
    before = "待定" if declaration.undecided else f"{plain(declaration.points)}分"
    declaration.facts, declaration.points, declaration.redeemable = found.facts, points, found.award.redeemable
    declaration.explanation = f"{found.award.explanation}（核实时由{before}改为{plain(points)}分）"[:300]
    declaration.undecided = ""
    declaration.save(update_fields=["facts", "points", "redeemable", "explanation", "undecided"])
    return declaration


def told(declaration: Declaration) -> dict[str, Any]:
    """What was told of the deed, without who was around."""
    return {name: value for name, value in declaration.facts.items() if name != pricing.PEOPLE}


def _priced(declaration: Declaration, points: Decimal) -> pricing.Priced | None:
    evidence = [one.file for one in declaration.evidence.select_related("file")]
    try:
        found = pricing.price(
            declaration.rule,
            day=declaration.happened_on,
            household=declaration.household,
            resident=declaration.resident,
            facts=told(declaration) | {"points": abs(points)},
            evidence=evidence,
        )
    except JifenError:
        return None
    return found if found.award.points == points and not found.award.undecided else None
