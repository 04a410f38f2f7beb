"""Posting order: the deed's day, then the rule's code; a deed that yields comes behind those that it yields to, and
one that repairs behind those of its day that it repairs.

The same for the same deeds, whatever the order they came in. Of two rules that name each other the earlier counts.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TypeVar

from scoring.rules import periods
from scoring.rules.candidates import Candidate, posting_order
from scoring.rules.looking import Key, Posted, mends, subject
from scoring.rules.spec import NotWith, Scope

Deed = TypeVar("Deed", Candidate, Candidate | Posted)
SCOPES: tuple[Scope, ...] = ("household", "resident", "village")
Place = tuple[date, int]
"""The day that a deed is taken on, and behind how many others of that day it waits."""


def in_order(candidates: Iterable[Candidate]) -> list[Candidate]:
    """``candidates`` as they are posted."""
    return behind(sorted(candidates, key=posting_order))


def behind(plain: list[Deed]) -> list[Deed]:
    """Deeds of one posting, by day, with those that yield behind those that they yield to; repairs likewise."""
    plain = _mended_first(plain)
    yields = _yields(plain)
    if not yields:
        return plain
    places = _places(plain, yields)
    return sorted(plain, key=lambda item: places[id(item)])


def _mended_first(plain: list[Deed]) -> list[Deed]:
    """Each repair behind the last deduction of its day that it gives back, the others as they stand."""
    days = {item.date for item in plain if item.rule.repair}
    taken: defaultdict[Key, list[int]] = defaultdict(list)
    for place, item in enumerate(plain):
        if item.date in days and item.rule.sign == "negative":
            for scope in SCOPES:
                taken[item.date, subject(scope, item)].append(place)
    if not taken:
        return plain
    return [plain[place] for place in sorted(range(len(plain)), key=lambda one: _mended(one, plain, taken))]


def _mended(
    place: int, plain: Sequence[Candidate | Posted], taken: Mapping[Key, Sequence[int]]
) -> tuple[int, bool, int]:
    """Where the deed at ``place`` belongs; ``taken``: the places of the deductions."""
    item = plain[place]
    asked = item.rule.repair
    if asked is None:
        return place, False, place
    rivals = taken.get((item.date, subject(asked.scope, item)), ())
    return max([place, *(other for other in rivals if mends(asked, plain[other].rule))]), True, place


def _yields(candidates: Sequence[Candidate | Posted]) -> dict[str, set[str]]:
    """By code the rules that it yields to, with deeds at hand; of those that name each other, none."""
    named: defaultdict[str, set[str]] = defaultdict(set)
    for item in candidates:
        if item.rule.not_with:
            named[item.rule.code].update(item.rule.not_with.rules)
    if not named:
        return {}
    behind = {code: _reached(code, named) for code in named}
    at_hand = {item.rule.code for item in candidates}
    found = {code: {one for one in names & at_hand if code not in behind.get(one, ())} for code, names in named.items()}
    return {code: names for code, names in found.items() if names}


def _reached(code: str, named: Mapping[str, set[str]]) -> set[str]:
    """All that ``code`` names, directly or by others; itself when it comes back to it."""
    seen: set[str] = set()
    waiting = list(named[code])
    while waiting:
        one = waiting.pop()
        if one not in seen:
            seen.add(one)
            waiting += named.get(one, ())
    return seen


def _places(candidates: Sequence[Candidate | Posted], yields: Mapping[str, set[str]]) -> dict[int, Place]:
    by_code: defaultdict[str, list[Candidate | Posted]] = defaultdict(list)
    for item in candidates:
        by_code[item.rule.code].append(item)
    places = {id(item): (item.date, 0) for item in candidates}
    for code in _behind_first(yields):
        last: dict[NotWith, dict[Key, Place]] = {}
        rivals = [item for other in yields[code] for item in by_code[other]]
        for item in by_code[code]:
            asked = item.rule.not_with
            if asked is None:
                continue
            if asked not in last:
                last[asked] = _last(asked, rivals, places)
            found = last[asked].get(_key(asked, item))
            if found is not None:
                places[id(item)] = (max(item.date, found[0]), found[1] + 1)
    return places


def _behind_first(yields: Mapping[str, set[str]]) -> list[str]:
    """The codes, each behind those that it yields to."""
    done: dict[str, None] = {}

    def take(code: str) -> None:
        if code in done:
            return
        for other in sorted(yields[code]):
            if other in yields:
                take(other)
        done[code] = None

    for code in sorted(yields):
        take(code)
    return list(done)


def _last(asked: NotWith, rivals: Iterable[Candidate | Posted], places: Mapping[int, Place]) -> dict[Key, Place]:
    """In each period and for each subject the last day, and the most waiting, of the deeds to yield to."""
    found: dict[Key, Place] = {}
    for item in rivals:
        if item.rule.code in asked.rules:
            key, place = _key(asked, item), places[id(item)]
            had = found.get(key, place)
            found[key] = (max(had[0], place[0]), max(had[1], place[1]))
    return found


def _key(asked: NotWith, item: Candidate | Posted) -> Key:
    return periods.start(asked.period, item.date), subject(asked.scope, item, asked.by)
