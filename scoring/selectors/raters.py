"""Who gave the marks of a rating: found again by what the deed's facts keep of them."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from jifen.kernel import clock
from jifen.kernel.points import plain
from scoring.models import Declaration
from scoring.rules.spec_sources import RATER_NAMES
from tenants.community import selectors as community
from tenants.community.models import Household, HouseholdMember, Resident

_PARTY = re.compile(r"(household|resident):(\d{1,18})")


def home_of(party: str, day: date, *, village_id: int | None = None) -> int | None:
    """The household of ``household:5`` or ``resident:7`` on ``day``; None where it is none, or of another village."""
    found = _PARTY.fullmatch(party)
    if found is None:
        return None
    if found[1] == "household":
        homes = Household.objects.filter(pk=int(found[2]))
    else:
        rows = HouseholdMember.objects.filter(community.in_force(day), resident=int(found[2]))
        homes = Household.objects.filter(pk__in=rows.values("household"))
    homes = homes if village_id is None else homes.filter(village=village_id)
    return homes.values_list("pk", flat=True).first()


def is_near(party: str, household: Household, day: date) -> bool:
    """Whether the party is of the household, or a declared relative of somebody in it."""
    kind, _, number = party.partition(":")
    people = [int(number)]
    if kind == "household":
        if int(number) == household.pk:
            return True
        rows = HouseholdMember.objects.filter(community.in_force(day), household=int(number))
        people = list(rows.values_list("resident_id", flat=True))
    return any(household.pk in community.barred_household_ids(one) for one in people)


def told(facts: Mapping[str, Any]) -> dict[str, Any]:
    """``facts`` with the raters by the words that a form takes: 0012 张三, or a household's number alone."""
    raters = facts.get("raters") or {}
    names = _names({one for parties in raters.values() for one in parties})
    return dict(facts) | {"raters": {who: [names.get(one, one) for one in parties] for who, parties in raters.items()}}


def lines(declaration: Declaration, *, masked: bool) -> list[tuple[str, str]]:
    """(互评, 李四 8分、王五 9分) for each kind of rater; ``masked`` for whoever does not review: 李* 8分, 村民 9分."""
    marks, raters = declaration.facts.get("ratings") or {}, declaration.facts.get("raters") or {}
    parties = {one for given in raters.values() for one in given}
    names = _masked(parties) if masked else _names(parties)
    return [
        (RATER_NAMES.get(who, who), "、".join(_line(names, raters.get(who) or [], place, mark) for place, mark in rows))
        for who, rows in ((who, enumerate(given)) for who, given in marks.items())
    ]


def _line(names: Mapping[str, str], parties: list[str], place: int, mark: Any) -> str:
    who = names.get(parties[place], "村民") if place < len(parties) else "没有写是谁"
    return f"{who} {plain(Decimal(str(mark)))}分"


def _names(parties: set[str]) -> dict[str, str]:
    """By party, the household's number and the person's name."""
    found = {
        f"household:{home.pk}": home.number for home in Household.objects.filter(pk__in=_pks(parties, "household"))
    }
    people = _pks(parties, "resident")
    rows = HouseholdMember.objects.filter(resident__in=people, to_date=None).order_by("pk")
    numbers = dict(rows.values_list("resident_id", "household__number"))
    for one in Resident.objects.filter(pk__in=people):
        found[f"resident:{one.pk}"] = f"{numbers.get(one.pk, '')} {one.name}".strip()
    return found


def _masked(parties: set[str]) -> dict[str, str]:
    """By party, the masked name of whoever may be shown to everyone."""
    homes = Household.objects.filter(pk__in=_pks(parties, "household"))
    heads = dict(homes.values_list("pk", "head"))
    people = _pks(parties, "resident")
    names = community.public_names(clock.today(), [*people, *heads.values()])
    found = {f"household:{home}": names[head] for home, head in heads.items() if head in names}
    return found | {f"resident:{one}": names[one] for one in people if one in names}


def _pks(parties: set[str], kind: str) -> list[int]:
    return [int(one.partition(":")[2]) for one in parties if one.startswith(kind)]
