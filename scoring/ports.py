"""What upper rooms tell scoring when their apps are ready: which declarations and entries somebody objects to."""

from collections.abc import Callable, Collection

ObjectionSource = Callable[[Collection[int]], set[int]]
AskedSource = Callable[[int, int], bool]
_objections: list[ObjectionSource] = []
_asked: list[AskedSource] = []


def register_objection_source(source: ObjectionSource) -> None:
    """``source(declaration ids)`` gives those of them to which an objection is not answered yet."""
    if source not in _objections:
        _objections.append(source)


def objected(declarations: Collection[int]) -> set[int]:
    """Which of ``declarations`` (ids) wait for the answer to an objection: the sheet shows 有异议."""
    return {pk for source in _objections for pk in source(declarations)} if declarations else set()


def register_asked_source(source: AskedSource) -> None:
    """``source(household id, posting id)``: whether that household objected to it, answered or not."""
    if source not in _asked:
        _asked.append(source)


def asked(household: int, posting: int) -> bool:
    """Whether ``household`` (id) objected to ``posting`` (id) already: its page offers no second objection."""
    return any(source(household, posting) for source in _asked)
