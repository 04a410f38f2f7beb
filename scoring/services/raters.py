"""Who gave each mark of a rating, so that an average can be traced: named when a deed is told, kept with its facts."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from scoring import errors, rater_errors
from scoring.models import Rule
from scoring.rules.spec_sources import RATER_NAMES
from scoring.selectors.people import PartyMissing, party
from scoring.selectors.raters import home_of, is_near
from scoring.selectors.rules import spec_of
from scoring.services import pricing
from tenants.community.models import Household

RATERS = pricing.RATERS


def named(rule: Rule, facts: Mapping[str, Any], *, household: Household, day: date) -> dict[str, Any]:
    """``facts`` with whoever gave each mark found: ``raters`` (by kind of rater, one name for each mark, in the order
    of ``ratings``) as ``resident:7`` or ``household:5``. Who is written so already is looked at all the same.

    One mark of the household's own needs no name: it is the household's.

    Raises:
        RatersMissing: a mark without a name, or names without marks. PartyUnknown: nobody, or several, are called so.
        RaterTwice. RaterOutside: somebody else's self-assessment. RaterNear: a neighbour or a member of the panel who
        is of the household itself or a declared relative of it.
    """
    marks, raters = dict(facts.get("ratings") or {}), dict(facts.get(RATERS) or {})
    if spec_of(rule).rating is None:
        if raters:
            raise errors.FactUnused(rule=rule.title, what="评分的人", field=RATERS)
        return dict(facts)
    found = {
        str(who): _found(str(who), _sent(marks.get(who)), _sent(raters.get(who)), household, day)
        for who in dict.fromkeys((*marks, *raters))
    }
    rest = {name: value for name, value in facts.items() if name != RATERS}
    return rest | {RATERS: kept} if (kept := {who: one for who, one in found.items() if one}) else rest


def _sent(value: Any) -> list[Any]:
    return list(value) if isinstance(value, Sequence) and not isinstance(value, str) else []


def _found(who: str, marks: list[Any], names: list[Any], household: Household, day: date) -> list[str]:
    word = RATER_NAMES.get(who, who)
    if who == "self" and len(marks) == 1 and not any(names):
        return [f"household:{household.pk}"]
    if len(names) != len(marks) or not all(str(one).strip() for one in names):
        raise rater_errors.RatersMissing(who=word)
    parties = [_party(str(one).strip(), household, day) for one in names]
    twice = next((name for name, one in zip(names, parties, strict=True) if Counter(parties)[one] > 1), None)
    if twice is not None:
        raise rater_errors.RaterTwice(who=word, name=twice)
    for name, one in zip(names, parties, strict=True):
        if who == "self" and home_of(one, day) != household.pk:
            raise rater_errors.RaterOutside(name=name)
        if who != "self" and is_near(one, household, day):
            raise rater_errors.RaterNear(who=word, name=name)
    return parties


def _party(name: str, household: Household, day: date) -> str:
    if home_of(name, day, village_id=household.village_id) is not None:
        return name
    try:
        return party(name, village_id=household.village_id, day=day)
    except PartyMissing as missing:
        raise errors.PartyUnknown(what=str(missing), field="ratings") from None
