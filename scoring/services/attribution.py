"""Whose account gets which part of a deed's points: roles that the engine names become people and households.

Merit goes to the person's own account, or the household's; redeemable points always to the household (I9). Whoever
belonged to no household that took part on the day gets nothing, and the explanation says so.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple, Protocol

from scoring.models import Measure
from scoring.rules.engine import Award, prepare
from scoring.rules.facts import People, Undecided
from scoring.rules.shares import Share, shared, split_of
from scoring.rules.spec import Rulebook, RuleSpec
from tenants.community.models import Application, ApplicationState, HouseholdMember

ZERO = Decimal("0.00")
Span = tuple[int, date, date | None]
_NAMES = {
    "head": "户主",
    "member": "家庭成员",
    "beneficiary": "受益人",
    "responsible": "责任人",
    "cell": "联户组成员户",
}


class Told(Protocol):
    """A deed as far as its points go somewhere."""

    @property
    def code(self) -> str: ...
    @property
    def resident(self) -> int | None: ...
    @property
    def home(self) -> int: ...
    @property
    def day(self) -> date: ...
    @property
    def facts(self) -> Mapping[str, Any]: ...


class Line(NamedTuple):
    """One entry: for a person's own account when ``resident`` is given, else the household's."""

    measure: str
    amount: Decimal
    household: int
    resident: int | None
    share: str
    point_class: str


class Whom(NamedTuple):
    """Who a share is for: the credited household, the person if it is one, and as whom."""

    household: int
    resident: int | None
    share: str


@dataclass(frozen=True, slots=True)
class Homes:
    """Who belonged to which household from when to when, and when those took part."""

    members: Mapping[int, Sequence[Span]]
    joined: Mapping[int, Sequence[Span]]

    def of(self, resident: int, day: date) -> int | None:
        """The household that took part, to which ``resident`` belonged on ``day``."""
        home = _on(self.members.get(resident, ()), day)
        return home if home is not None and self.takes_part(home, day) else None

    def takes_part(self, household: int, day: date) -> bool:
        return _on(self.joined.get(household, ()), day) is not None


def homes(deeds: Iterable[Mapping[str, Any]]) -> Homes:
    """For everybody whom the facts of ``deeds`` name."""
    people, households = set(), set()
    for facts in deeds:
        kept = facts.get("people") or {}
        people |= {int(pk) for pk in (*kept.get("members", ()), *filter(None, [kept.get("head")]))}
        households |= {int(pk) for pk in kept.get("cell", ())}
        for name in ("beneficiary", "responsible"):
            kind, _, pk = str(kept.get(name) or "").partition(":")
            if pk:
                (people if kind == "resident" else households).add(int(pk))
    rows = HouseholdMember.objects.filter(resident__in=people)
    members = _spans((row.resident_id, row.household_id, row.from_date, row.to_date) for row in rows)
    households |= {span[0] for spans in members.values() for span in spans}
    taking = Application.objects.filter(
        household__in=households, state__in=[ApplicationState.JOINED, ApplicationState.LEFT], joined_on__isnull=False
    )
    joined = _spans((row.household_id, row.household_id, row.joined_on, row.left_on) for row in taking if row.joined_on)
    return Homes(members, joined)


def lines(deed: Told, book: Rulebook, award: Award, people: People, found: Homes) -> tuple[list[Line], list[str]]:
    """The entries of one deed, one per account and measure (I10), and who got nothing and why."""
    rule = book.rule(deed.code)
    sums: defaultdict[tuple[str, int, int | None], Decimal] = defaultdict(Decimal)
    shares: dict[tuple[str, int, int | None], str] = {}
    lost: list[str] = []
    for part in _parts(deed, rule, award, people, book):
        whom = _whom(part.target, deed, found)
        if whom is None:
            lost.append(f"{_NAMES.get(part.target.partition(':')[0], '对方')}当日未参加积分制，这一份不计")
            continue
        for measure, amount, resident in (
            (Measure.MERIT, part.points, whom.resident), (Measure.REDEEMABLE, part.redeemable, None),
        ):  # fmt: skip
            key = (str(measure), whom.household, resident)
            sums[key] += amount
            shares.setdefault(key, whom.share)
    kind = rule.point_class or ""
    made = [Line(key[0], amount, key[1], key[2], shares[key], kind) for key, amount in sums.items() if amount]
    return made, list(dict.fromkeys(lost))


def is_own(rule: RuleSpec) -> bool:
    """Whether all points of a deed stay with its own household and its people."""
    return all(portion.to in ("household", "resident", "head", "every_member") for portion in rule.portions)


def by_household(deed: Told, book: Rulebook, award: Award, found: Homes) -> dict[int, tuple[Decimal, Decimal]]:
    """(merit, redeemable) of one deed by credited household."""
    sums: defaultdict[int, list[Decimal]] = defaultdict(lambda: [ZERO, ZERO])
    for line in lines(deed, book, award, people_of(deed.facts), found)[0]:
        sums[line.household][line.measure == Measure.REDEEMABLE] += line.amount
    return {household: (merit, redeemable) for household, (merit, redeemable) in sums.items()}


def people_of(facts: Mapping[str, Any]) -> People:
    """Who was around when the deed was told, as far as its rule asked."""
    kept = facts.get("people")
    if not kept:
        return People()
    return People(frozenset(kept["roles"]), tuple(kept["members"]), tuple(kept["cell"]))


def _parts(deed: Told, rule: RuleSpec, award: Award, people: People, book: Rulebook) -> tuple[Share, ...]:
    """A deed that a person priced because nobody knew whom it is for stays with its own household."""
    try:
        split = award.split or split_of(rule, people, personal=deed.resident is not None)
    except Undecided:
        return (Share("household", award.points, award.redeemable, rule.point_class),)
    quantum = prepare(rule, book.settings).quantum
    return shared(split, award.points, award.redeemable, quantum, rule.point_class)


def _whom(target: str, deed: Told, found: Homes) -> Whom | None:
    kept = deed.facts.get("people") or {}
    kind, _, pk = target.partition(":")
    match kind:
        case "actor":
            return Whom(deed.home, deed.resident, "")
        case "household":
            return Whom(deed.home, None, "")
        case "cell":
            return Whom(int(pk), None, "cell") if found.takes_part(int(pk), deed.day) else None
        case "member":
            return _person(int(pk), "member", deed, found)
    named = str(kept.get(kind) or "")
    if kind == "head" or (kind == "responsible" and not named):
        return _person(int(kept["head"]), kind, deed, found) if kept.get("head") else Whom(deed.home, None, "")
    whose, _, number = named.partition(":")
    if whose == "resident":
        return _person(int(number), kind, deed, found)
    if whose == "household" and found.takes_part(int(number), deed.day):
        return Whom(int(number), None, kind)
    return None


def _person(resident: int, share: str, deed: Told, found: Homes) -> Whom | None:
    home = found.of(resident, deed.day)
    return Whom(home, resident, share) if home is not None else None


def _on(spans: Sequence[Span], day: date) -> int | None:
    return next((pk for pk, start, end in spans if start <= day and (end is None or end > day)), None)


def _spans(rows: Iterable[tuple[int, int, date, date | None]]) -> dict[int, list[Span]]:
    found: defaultdict[int, list[Span]] = defaultdict(list)
    for whose, pk, start, end in rows:
        found[whose].append((pk, start, end))
    return found
