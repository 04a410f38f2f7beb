"""From a whole rulebook that a village wrote, say in a workbook, back to its changes on the town's version (pure)."""

from collections.abc import Iterator

from scoring.rules.overlay import AMENDABLE, Add, Amend, Off, Overlay, Problem
from scoring.rules.spec import Rulebook, RuleSpec

Change = Off | Amend | Add


def between(town: Rulebook, book: Rulebook, *, whole: bool) -> tuple[Overlay, list[Problem]]:
    """What the village changes, and where it changed what only the town can; those items stay as the town has them.

    ``whole``: ``book`` is all there is, so items of the town that it lacks are switched off. ``apply(town, overlay)``
    has the items of ``book``.
    """
    known = {rule.code: rule for rule in town.rules}
    problems: list[Problem] = []
    changes = [change for rule in book.rules for change in _changes(known.get(rule.code), rule, problems)]
    if whole:
        told = {rule.code for rule in book.rules}
        changes += [Off(code=rule.code) for rule in town.rules if rule.active and rule.code not in told]
    names = {one.name for one in town.categories}
    needed = {change.rule.category for change in changes if isinstance(change, Add)} - names
    categories = tuple(one for one in book.categories if one.name in needed)
    return Overlay(changes=tuple(changes), categories=categories), problems


def _changes(town: RuleSpec | None, rule: RuleSpec, problems: list[Problem]) -> Iterator[Change]:
    if town is None:
        yield Add(rule=rule)
        return
    names = [name for name in RuleSpec.model_fields if getattr(town, name) != getattr(rule, name)]
    if names == ["active"] and not rule.active:
        yield Off(code=rule.code)
        return
    foreign = sorted(set(names) - AMENDABLE)
    if foreign:
        problems.append(Problem(rule.code, f"“{town.title}”改了村里不能改的内容，仍按镇里的"))
    elif names:
        dumped = rule.model_dump(mode="json")
        yield Amend(code=rule.code, values={name: dumped[name] for name in names})
