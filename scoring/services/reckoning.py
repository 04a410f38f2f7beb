"""Deeds whose rules look at what was posted before: reckoned one by one by the engine, in posting order.

Caps that only count are applied set-based in the posting statement. Ladders, streaks, repetitions, warnings, groups,
repairs, caps that rules share, shares of points: the engine takes such deeds, and the statement is handed its results
as arrays. Posting them holds the village and the rows of every cap they touch, so that two postings at the same moment
see each other's deeds (I12).
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Any, NamedTuple

from django.db import connection

from jifen.kernel import locking
from scoring.models import Declaration, RulebookVersion
from scoring.rules import engine, sequence, steps
from scoring.rules.base import plain
from scoring.rules.candidates import Candidate, bucket_of, caps_of
from scoring.rules.facts import People
from scoring.rules.limits import Bucket
from scoring.rules.looking import Posted
from scoring.rules.spec import Ladder, Rulebook, RuleSpec
from scoring.selectors import effects
from scoring.selectors.rulebooks import whole
from scoring.services import attribution, bounds, pricing
from scoring.sql import reckoning as sql

ZERO = Decimal("0.00")
LONGEST_VALUE = 80


class Deed(NamedTuple):
    """A deed of a decided sheet, as ``sql.DEEDS`` reads it.

    ``decided``: signed points that stand in for the award's. ``heard``: the most that the household was told of.
    """

    item: int
    declaration: int
    rule_id: int
    version: int
    code: str
    household: int
    village: int
    resident: int | None
    day: date
    facts: Mapping[str, Any]
    home: int
    is_joined: bool
    decided: Decimal | None
    redeemable: Decimal
    heard: Decimal | None
    note: str


_ARRAYS: tuple[str, ...] = (
    "reckoned", "told", "worths", "effective", "steps", "line_deeds", "line_measures", "line_amounts",
    "line_households", "line_residents", "line_shares", "line_classes", "take_deeds", "take_caps", "take_parts",
)  # fmt: skip


@dataclass(slots=True)
class Reckoned:
    """What the posting statement takes, as arrays.

    ``items``: the sheet's items that were reckoned, ``order``: as they stand in the arrays. ``marks``: some deed of the
    batch, reckoned or not, may bring more than points; ``lapses``: points that end before the year does.
    """

    items: set[int] = field(default_factory=set)
    order: list[int] = field(default_factory=list)
    marks: bool = False
    lapses: bool = False
    values: dict[str, list[Any]] = field(default_factory=lambda: {name: [] for name in _ARRAYS})

    def add(self, **row: Any) -> None:
        for name, value in row.items():
            self.values[name].append(value)

    def lines(self) -> list[attribution.Line]:
        """The entries to come."""
        names = ("measures", "amounts", "households", "residents", "shares", "classes")
        columns = (self.values[f"line_{name}"] for name in names)
        return [attribution.Line(*row) for row in zip(*columns, strict=True)]


class Book(NamedTuple):
    """A version's rulebook with the id of the book that its caps belong to: an overlay's are its town's."""

    rules: Rulebook
    owner: int


def reckon(items: Sequence[int], *, lock: bool = True) -> Reckoned:
    """Reckon those of the sheet's ``items`` that caps alone do not decide; nothing is written but opened caps.

    With ``lock`` the villages and caps are held until the transaction ends; without, it is an estimate.
    """
    looking, marks, lapses = _versions(items)
    books = books_of(looking)
    frozen = _frozen(items, books)
    deeds = _deeds(items, books, frozen) if books or frozen else []
    if not deeds:
        return Reckoned(marks=marks, lapses=lapses)
    if lock:
        hold_villages({deed.village for deed in deeds})
    made = _Reckoner(books, deeds, lock).run()
    made.marks, made.lapses = marks, lapses
    return made


def hold_villages(villages: Iterable[int]) -> None:
    """Hold the villages (ids) until the transaction ends: what is posted in one sees what was posted before."""
    locking.advisory(*(f"scoring.reckon:{village}" for village in villages))


def estimate(items: Sequence[int]) -> dict[int, Decimal]:
    """What those of the sheet's ``items`` that are reckoned would be worth if they were posted now, signed."""
    found = reckon(items, lock=False)
    return dict(zip(found.order, found.values["worths"], strict=True))


def reckon_one(told: Declaration) -> Reckoned:
    """``reckon`` for one deed that is on no sheet: it stands in the place of another."""
    books = books_of([told.rule.version_id])
    book = books[told.rule.version_id].rules
    hold_villages([told.village_id])
    if not is_apart(book, book.rule(told.rule.code)) and not effects.freezes([told.household_id]):
        return Reckoned()
    deed = Deed(
        told.pk, told.pk, told.rule_id, told.rule.version_id, told.rule.code, told.household_id, told.village_id,
        told.resident_id, told.happened_on, told.facts, told.household_id, True, None, told.redeemable, None, "",
    )  # fmt: skip
    return _Reckoner(books, [deed], lock=True).run()


def take(reckoned: Reckoned) -> None:
    """Caps count what was reckoned, and accounts stand for all who get points, before the statement runs."""
    with connection.cursor() as cursor:
        cursor.execute(sql.TAKE, reckoned.values)
        cursor.execute(sql.OPEN_ACCOUNTS, reckoned.values)


def keep(reckoned: Reckoned) -> None:
    """How each deed was reckoned stays beside its posting."""
    with connection.cursor() as cursor:
        cursor.execute(sql.KEEP, reckoned.values)


def is_apart(book: Rulebook, rule: RuleSpec) -> bool:
    """Whether deeds under ``rule`` are reckoned one by one."""
    if book.is_sequenced(rule) or rule.point_class or bounds.are_in(book.settings):
        return True
    return any(portion.to not in ("household", "resident") for portion in rule.portions) or len(rule.portions) > 1


def books_of(versions: Iterable[int]) -> dict[int, Book]:
    """The versions' rulebooks by id."""
    rows = RulebookVersion.objects.filter(pk__in=set(versions)).select_related("town_version")
    return {row.pk: Book(whole(row), (row.town_version or row).rulebook_id) for row in rows}


def _versions(items: Sequence[int]) -> tuple[list[int], bool, bool]:
    """Versions with deeds reckoned one by one; whether any deed may bring more than points; whether any points end."""
    with connection.cursor() as cursor:
        cursor.execute(sql.VERSIONS, {"items": list(items)})
        rows = cursor.fetchall()
    return [row[0] for row in rows if row[1]], any(row[2] for row in rows), any(row[3] for row in rows)


def _frozen(items: Sequence[int], books: Mapping[int, Book]) -> list[int]:
    """Households that a deed, posted before or at hand, may stop from gaining points."""
    found = effects.ever_frozen()
    stopping = [(pk, rule.code) for pk, book in books.items() for rule in book.rules.rules if _freezes(rule)]
    if stopping:
        versions, codes = zip(*stopping, strict=True)
        values = {"items": list(items), "versions": list(versions), "codes": list(codes)}
        with connection.cursor() as cursor:
            cursor.execute(sql.FREEZING, values)
            found += [household for (household,) in cursor.fetchall()]
    return found


def _freezes(rule: RuleSpec) -> bool:
    return any(one.kind == "freeze_positive" for one in rule.consequences)


def _deeds(items: Sequence[int], books: dict[int, Book], frozen: list[int]) -> list[Deed]:
    """Adds to ``books`` those that only the deeds of ``frozen`` households need."""
    apart = [(pk, rule.code) for pk, book in books.items() for rule in book.rules.rules if is_apart(book.rules, rule)]
    values: dict[str, Any] = {
        "items": list(items),
        "versions": [pk for pk, _ in apart],
        "codes": [code for _, code in apart],
    }
    with connection.cursor() as cursor:
        cursor.execute(sql.DEEDS_OF_ITEMS, values | {"frozen": frozen})
        deeds = [Deed(*row)._replace(facts=json.loads(row[9])) for row in cursor.fetchall()]
    books |= books_of({deed.version for deed in deeds} - set(books))
    return deeds


class _Reckoner:
    """One batch of deeds, rulebook by rulebook."""

    def __init__(self, books: Mapping[int, Book], deeds: Sequence[Deed], lock: bool) -> None:
        self.books = dict(books)
        self.by_key = {_key(deed.declaration): deed for deed in deeds}
        self.lock = lock
        self.made = Reckoned(items={deed.item for deed in deeds})
        self.homes = attribution.homes(deed.facts for deed in deeds)
        self.frozen = effects.freezes({deed.household for deed in deeds})

    def run(self) -> Reckoned:
        waiting: defaultdict[int, list[Candidate]] = defaultdict(list)
        for deed in self.by_key.values():
            if deed.is_joined:
                waiting[self.books[deed.version].owner].append(self._candidate(deed))
            else:
                self._nothing(deed)
        earlier: list[Posted] = []
        for owner, candidates in sorted(waiting.items()):
            earlier += self._book(owner, candidates, earlier)
        told = {deed.declaration: (deed.day, self.books[deed.version].rules.settings) for deed in self.by_key.values()}
        bounds.apply(self.made.values, told)
        return self.made

    def _candidate(self, deed: Deed) -> Candidate:
        book = self.books[deed.version].rules
        rule = book.rule(deed.code)
        facts = pricing.facts_of(
            deed.facts, deed.day, subject="resident" if deed.resident else "household", people=None
        )
        award = engine.price(rule, facts, book.settings)
        if deed.decided is None and abs(deed.redeemable) < abs(award.redeemable):
            award = award._replace(redeemable=deed.redeemable)
        return Candidate(
            key=_key(deed.declaration), rule=rule, date=deed.day, award=award, household=str(deed.household),
            village=str(deed.village), resident=str(deed.resident) if deed.resident else None, book=book,
            points=deed.decided,
        )  # fmt: skip

    def _book(self, owner: int, candidates: list[Candidate], earlier: list[Posted]) -> list[Posted]:
        caps = self._caps(owner, candidates)
        history = sequence.History(
            [*self._posted(candidates), *earlier], {key: used for key, (_, used) in caps.items()}, self.frozen
        )
        results = sequence.sequence(candidates, history)
        for result in results:
            self._add(result, caps)
            self._freeze(result)
        return [result.posted for result in results]

    def _posted(self, candidates: Sequence[Candidate]) -> list[Posted]:
        reach = sequence.reach(candidates)
        kinds = {(id(item.rule), id(item.book)): item for item in candidates}.values()
        by_village = any(_counts_villages(rule) for item in kinds for rule in _of(item))
        values: dict[str, Any] = {
            "since": reach.since, "codes": list(reach.rules), "groups": list(reach.groups),
            "negatives": reach.negatives, "households": [int(item.household) for item in candidates],
            "residents": [int(item.resident) for item in candidates if item.resident],
            "villages": [int(item.village) for item in candidates] if by_village else [],
        }  # fmt: skip
        with connection.cursor() as cursor:
            cursor.execute(sql.POSTED, values)
            rows = [row for row in cursor.fetchall() if _key(row[0]) not in self.by_key]
        self.books |= books_of({row[1] for row in rows} - set(self.books))
        return [self._told(row) for row in rows]

    def _told(self, row: Sequence[Any]) -> Posted:
        _, version, code, household, village, resident, day, told, worth, effective = row
        facts = json.loads(told)
        rule = self.books[version].rules.rule(code)
        quantity = facts.get("quantity") if isinstance(rule.amount, Ladder) else None
        return Posted(
            rule=rule, date=day, household=str(household), village=str(village), points=worth,
            resident=str(resident) if resident else None, inputs=facts.get("inputs") or {},
            number=Decimal(quantity) if quantity else None, effective=effective,
        )  # fmt: skip

    def _caps(self, owner: int, candidates: Sequence[Candidate]) -> dict[Bucket, tuple[int, Decimal]]:
        """Every cap that the deeds could touch, held: its row's id and what is used."""
        wanted = {bucket_of(cap, item) for item in candidates for cap in caps_of(item.rule, item.book)}
        by_row = {_row_of(owner, bucket): bucket for bucket in wanted}
        columns = list(zip(*by_row, strict=True)) or [()] * 7
        names = ("rulebooks", "codes", "keys", "kinds", "ids", "starts", "values")
        values = {name: list(column) for name, column in zip(names, columns, strict=True)}
        with connection.cursor() as cursor:
            if self.lock:
                cursor.execute(sql.OPEN, values)
            cursor.execute(sql.HELD.format(lock="FOR UPDATE OF use" if self.lock else ""), values)
            return {by_row[row[:7]]: (row[7], row[8]) for row in cursor.fetchall()}

    def _add(self, result: sequence.Result, caps: Mapping[Bucket, tuple[int, Decimal]]) -> None:
        deed = self.by_key[result.key]
        award, worth, note = _heard(deed, result.award, result.posted.points)
        people = pricing.people_of(deed.facts) or People()
        lines, lost = attribution.lines(deed, self.books[deed.version].rules, award, people, self.homes)
        self.made.order.append(deed.item)
        self.made.add(
            reckoned=deed.declaration, told="；".join(filter(None, [award.explanation, deed.note, note, *lost])),
            worths=worth, effective=result.posted.effective, steps=json.dumps(steps.dump(award.steps)),
        )  # fmt: skip
        for line in lines:
            self.made.add(
                line_deeds=deed.declaration, line_measures=line.measure, line_amounts=line.amount,
                line_households=line.household, line_residents=line.resident, line_shares=line.share,
                line_classes=line.point_class,
            )  # fmt: skip
        for bucket, part in result.uses if self.lock else ():
            self.made.add(take_deeds=deed.declaration, take_caps=caps[bucket][0], take_parts=part)

    def _freeze(self, result: sequence.Result) -> None:
        """Deeds under another rulebook find what this one stopped."""
        fresh = [one for one in result.effects if one.kind == "freeze_positive"]
        if fresh:
            self.frozen[result.item.household] = [*self.frozen.get(result.item.household, ()), *fresh]

    def _nothing(self, deed: Deed) -> None:
        self.made.order.append(deed.item)
        self.made.add(
            reckoned=deed.declaration, told="行为当日该户未参加积分制，不计分", worths=ZERO, effective=False, steps="[]"
        )


def _key(declaration: int) -> str:
    """Sorts as the number does."""
    return f"{declaration:019d}"


def _row_of(owner: int, bucket: Bucket) -> tuple[int, str, str, str, int, date, str]:
    """The bucket as its row's key; an event's long name by its hash."""
    whose, _, value = bucket.subject.partition("|")
    kind, _, pk = whose.partition(":")
    value = value if len(value) <= LONGEST_VALUE else sha256(value.encode()).hexdigest()
    return owner, bucket.rule, bucket.limit, kind, int(pk), bucket.start, value


def _of(item: Candidate) -> tuple[RuleSpec, ...]:
    """The deed's rule, and those that do not count together with it."""
    return (item.rule, *(item.book.yielding_to(item.rule) if item.book else ()))


def _counts_villages(rule: RuleSpec) -> bool:
    parts = (
        rule.cooldown, rule.streak, rule.repeat, rule.after_warning, rule.group, rule.not_with, rule.repair
    )  # fmt: skip
    return any(part is not None and part.scope == "village" for part in parts)


def _heard(deed: Deed, award: engine.Award, worth: Decimal) -> tuple[engine.Award, Decimal, str]:
    """No more is taken than the household was told of before it could explain."""
    if deed.heard is None or worth >= deed.heard:
        return award, worth, ""
    least = deed.heard
    points, redeemable = max(award.points, least), max(award.redeemable, least)
    return award._replace(points=points, redeemable=redeemable), least, f"按已告知的{plain(-least)}分扣"
