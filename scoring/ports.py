"""What upper rooms tell scoring when their apps are ready: which declarations somebody objects to."""

from collections.abc import Callable, Collection

ObjectionSource = Callable[[Collection[int]], set[int]]
_objections: list[ObjectionSource] = []


def register_objection_source(source: ObjectionSource) -> None:
    """``source(declaration ids)`` gives those of them to which an objection is not answered yet."""
    if source not in _objections:
        _objections.append(source)


def objected(declarations: Collection[int]) -> set[int]:
    """Which of ``declarations`` (ids) wait for the answer to an objection: the sheet shows 有异议."""
    return {pk for source in _objections for pk in source(declarations)} if declarations else set()
