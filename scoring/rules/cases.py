"""Trying a rulebook: deeds as somebody writes them down, and what each would bring, in posting order."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError

from jifen.kernel.errors import InvalidInput, JifenError
from scoring.rules import engine, problems
from scoring.rules.base import Model, Number, Short
from scoring.rules.candidates import Candidate
from scoring.rules.effects import Outcome
from scoring.rules.facts import Facts, People
from scoring.rules.looking import Look, Posted
from scoring.rules.sequence import History, sequence
from scoring.rules.shares import Share
from scoring.rules.spec import Rulebook, RuleSpec

MOST = 1_000
MAX_LENGTH = 1_000_000
HOME = "甲户"
VILLAGE = "本村"


class CasesInvalid(InvalidInput):
    code = "cases_invalid"
    default_field = "case"
    message = "算例写得不对：{reason}。"


class Around(Model):
    """Who acted, and who belongs to the household and to its cell."""

    roles: Annotated[tuple[str, ...], Field(strict=False)] = ()
    members: Annotated[tuple[str, ...], Field(strict=False)] = ()
    cell: Annotated[tuple[str, ...], Field(strict=False)] = ()


class Case(Model):
    """One deed. ``decided`` are points (signed) that the committee gave instead; the rest as in ``Facts``."""

    rule: Short
    date: Annotated[date, Field(strict=False)]
    household: str = HOME
    resident: str | None = None
    village: str = VILLAGE
    subject: Literal["household", "resident", "group"] | None = None
    quantity: Number | None = None
    tier: str | None = None
    points: Number | None = None
    inputs: dict[str, Any] = Field(default_factory=dict)
    scores: dict[str, Number] = Field(default_factory=dict)
    ratings: dict[str, list[Number]] = Field(default_factory=dict)
    proofs: dict[str, int] | None = None
    people: Around | None = None
    precedent: str | None = None
    decided: Number | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """What a case brings. ``points`` rank, ``redeemable`` can be exchanged; both are signed. ``error``: why the facts
    cannot be, in Chinese; then there are none. ``undecided``: what is missing."""

    case: Case
    title: str
    points: Decimal
    redeemable: Decimal
    sentence: str
    undecided: str | None = None
    error: str | None = None
    shares: tuple[Share, ...] = ()
    effects: tuple[Outcome, ...] = ()


def read(text: str) -> list[Case]:
    """One case, a list of them, or ``{"cases": […]}`` as JSON; CasesInvalid says what is wrong."""
    if len(text) > MAX_LENGTH:
        raise CasesInvalid(reason="文件太长")
    try:
        data = json.loads(text, parse_float=str)
    except (ValueError, RecursionError) as broken:
        raise CasesInvalid(reason="不是有效的 JSON") from broken
    listed = data.get("cases", [data]) if isinstance(data, dict) else data
    if not isinstance(listed, list) or not 0 < len(listed) <= MOST:
        raise CasesInvalid(reason=f"应当是 1 到 {MOST} 个算例的列表")
    return [_case(place, one) for place, one in enumerate(listed, 1)]


def bearing_on(book: Rulebook, rule: RuleSpec) -> list[RuleSpec]:
    """The other items of which an earlier deed bears on one under ``rule``: what it looks back at, freezes, shared
    caps."""
    probes = list(Look(rule, book).probes)
    caps = {(name, key) for name, key, _ in book.shared_limits(rule)}
    return [
        other for other in book.rules if other.code != rule.code and other.active
        and (any(probe.matches(other) for probe in probes) or _freezes(other, rule)
             or any((name, key) in caps for name, key, _ in book.shared_limits(other)))
    ]  # fmt: skip


def earlier(rule: RuleSpec, day: date, points: Decimal, resident: str | None = None) -> Posted:
    """A deed of the cases' household under ``rule`` that was posted before them; ``points`` is a magnitude."""
    return Posted(
        rule=rule, date=day, household=HOME, village=VILLAGE, points=rule.factor * points, resident=resident,
        number=points,
    )  # fmt: skip


def tell(book: Rulebook, cases: Sequence[Case], posted: Sequence[Posted] = ()) -> list[Told]:
    """What each case brings when they are posted together, in the order of ``cases``, after what was ``posted``.

    A case that names an item that is not in ``book`` is told so; the others are reckoned as if it were not there.
    """
    titles = {rule.code: rule.title for rule in book.rules}
    found: dict[int, Told] = {}
    deeds = []
    for place, case in enumerate(cases):
        if case.rule not in titles:
            found[place] = _wrong(case, "", f"细则里没有条目 {case.rule}，请核对编号。")
            continue
        try:
            deeds.append(_deed(book, place, case))
        except JifenError as wrong:
            found[place] = _wrong(case, titles[case.rule], wrong.message)
    for result in sequence(deeds, History(posted)):
        place = int(result.key)
        award, title = result.award, titles[cases[place].rule]
        found[place] = Told(
            cases[place], title, award.points, award.redeemable, award.explanation, award.undecided, None,
            award.shares, result.effects,
        )  # fmt: skip
    return [found[place] for place in range(len(cases))]


def _case(place: int, data: Any) -> Case:
    try:
        return Case.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise CasesInvalid(reason=f"第 {place} 个算例的 {where or '内容'}：{problems.words(first)}") from error


def _deed(book: Rulebook, place: int, case: Case) -> Candidate:
    rule = book.rule(case.rule)
    told = case.people
    people = People(frozenset(told.roles), told.members, told.cell) if told else None
    usual: Literal["household", "resident"] = "resident" if case.resident or rule.subject == "resident" else "household"
    facts = Facts(
        date=case.date, subject=case.subject or ("group" if rule.subject == "group" else usual), quantity=case.quantity,
        tier=case.tier, points=case.points, inputs=case.inputs, scores=case.scores, ratings=case.ratings,
        proofs=case.proofs, people=people, precedent=case.precedent,
    )  # fmt: skip
    return Candidate(
        key=f"{place:06d}", rule=rule, date=case.date, award=engine.price(rule, facts, book.settings),
        household=case.household, resident=case.resident, village=case.village, book=book, points=case.decided,
    )  # fmt: skip


def _freezes(other: RuleSpec, rule: RuleSpec) -> bool:
    return rule.sign == "positive" and any(one.kind == "freeze_positive" for one in other.consequences)


def _wrong(case: Case, title: str, reason: str) -> Told:
    return Told(case, title, Decimal(0), Decimal(0), reason, error=reason)
