"""What a town lets its villages change, and what of it differs between two versions, in sentences (pure)."""

from collections.abc import Iterable, Mapping

from scoring.rules.base import plain
from scoring.rules.diffs import Line
from scoring.rules.overlay import Bounds, ItemBound, ruled

_FREE = "不设限"


def diff(old: Bounds, new: Bounds, titles: Mapping[str, str]) -> tuple[Line, ...]:
    """``titles`` of the items, by code; an item that is in neither list of bounds is free in both."""
    codes = dict.fromkeys(bound.code for bound in (*old.items, *new.items))
    pairs = [(f"“{titles.get(code, code)}”", _item(old.of(code)), _item(new.of(code))) for code in codes]
    return tuple(
        Line("", "", "book", f"村里能改什么：{name}原来{_marked(then)}，现在{_marked(now)}。")
        for name, then, now in (*_slots(old, new), *pairs)
        if then != now
    )


def _marked(told: str) -> str:
    """In marks where a comma would make it run into the next phrase."""
    return f"“{told}”" if "，" in told else told


def _slots(old: Bounds, new: Bounds) -> Iterable[tuple[str, str, str]]:
    for name, told in (
        ("自加条目", _number),
        ("自加条目每条", _points),
        ("自加条目的大类", _categories),
        ("改动镇里的条目", _amended),
    ):
        yield name, told(old), told(new)


def _number(bounds: Bounds) -> str:
    most = bounds.slots.number
    return _FREE if most is None else f"最多{most}条" if most else "不能自加"


def _points(bounds: Bounds) -> str:
    return _FREE if bounds.slots.points is None else f"最多{plain(bounds.slots.points)}分"


def _categories(bounds: Bounds) -> str:
    return f"只能放在{'、'.join(bounds.slots.categories)}里" if bounds.slots.categories else _FREE


def _amended(bounds: Bounds) -> str:
    return _FREE if bounds.amended_most is None else f"最多{bounds.amended_most}条"


def _item(bound: ItemBound | None) -> str:
    if bound is not None and bound.locked:
        return "不能改、不能停用"
    return ruled(bound) or _FREE
