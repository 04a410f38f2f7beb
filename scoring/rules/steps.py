"""How an award came about: small tuples, put into words when somebody reads them.

A step is its name and the values it shows; ``WORDS`` has the sentence of each. ``dump`` makes JSON of steps, ``load``
takes it back; both tell the same story.
"""

from collections.abc import Callable, Iterable, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from scoring.rules.base import plain, share_text
from scoring.rules.periods import NAMES
from scoring.rules.spec_people import MANY, TARGET_NAMES

Step = tuple[Any, ...]
_SHOWN = 4
_QUANTUM = Decimal(1).scaleb(-_SHOWN)


def about(number: Decimal) -> Decimal | str:
    """A figure on the way to the points, as it is told: 约2.9967 where four places do not hold it."""
    if number == number.quantize(_QUANTUM, ROUND_HALF_UP):
        return number
    return f"约{plain(number.quantize(_QUANTUM, ROUND_HALF_UP))}"


def explain(steps: Iterable[Step]) -> str:
    """规则3.2：植树3分/棵 × 12棵 = 36分，本月上限30分，已得6分，计24分."""
    return "".join(WORDS[step[0]](*step[1:]) for step in steps)


def dump(steps: Iterable[Step]) -> list[list[Any]]:
    """``steps`` as JSON: numbers as people write them."""
    return [[_plain(value) for value in step] for step in steps]


def load(data: Iterable[Sequence[Any]]) -> tuple[Step, ...]:
    """What ``dump`` made."""
    return tuple(tuple(_kept(value) for value in step) for step in data)


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return plain(value)
    return [_plain(part) for part in value] if isinstance(value, tuple) else value


def _kept(value: Any) -> Any:
    return tuple(_kept(part) for part in value) if isinstance(value, list) else value


def _n(value: Any) -> str:
    return plain(value) if isinstance(value, Decimal) else str(value)


def _minus(value: Any) -> str:
    return _n(value).replace("-", "−")


def _per(per: str | None) -> str:
    return f"/{per}" if per else ""


def _points(mark: str, points: Any, per: str | None = None) -> str:
    """，+2分/次; what is nothing has no sign."""
    told = _n(points)
    sign = mark if told.strip("约") != "0" else ""
    return f"，{told[:1]}{sign}{told[1:]}分{_per(per)}" if told[:1] == "约" else f"，{sign}{told}分{_per(per)}"


def _tier(name: str, mark: str, points: Any, per: str | None) -> str:
    return f"（{name}）{_points(mark, points, per)}"


def _tier_range(name: str, least: Any, most: Any, mark: str, points: Any, per: str | None) -> str:
    return f"（{name}）{_range(least, most, mark, points)}{_per(per)}"


def _tier_units(name: str, points: Any, unit: str, counted: Any, total: Any) -> str:
    return f"（{name}）{_units(points, '', unit, counted, total)}"


def _units(points: Any, each: Any, unit: str, counted: Any, total: Any, declared: Any = None) -> str:
    """``declared`` units were told, ``counted`` are paid for."""
    asked = f"（{_n(declared)}{unit}，按{_n(counted)}{unit}计）" if declared is not None else ""
    sign = "−" if _is_taken(total) and _n(points)[:1] not in "-−" else ""
    return f"{asked}{sign}{_minus(points)}分/{_n(each)}{unit} × {_n(counted)}{unit} = {_minus(total)}分"


def _is_taken(total: Any) -> bool:
    return _n(total).strip("约").startswith("-")


def _range(least: Any, most: Any, mark: str, points: Any) -> str:
    return f"，在{_n(least)}至{_n(most)}分内评定{_points(mark, points)}"


def _rated(parts: Sequence[Sequence[Any]], figure: Any) -> str:
    told = "、".join(f"{name}{count}份平均{_n(mean)}" for name, count, mean in parts)
    return f"，{told}，得{_n(figure)}"


def _percent(number: Any, unit: str, percent: Any, total: Any) -> str:
    sign = "−" if _is_taken(total) else ""
    return f"，{_n(number)}{unit} × {sign}{_n(percent)}% = {_minus(total)}分"


def _band(number: Any, unit: str, span: str, mark: str, points: Any) -> str:
    return f"（{_n(number)}{unit}，属{span}）{_points(mark, points)}"


def _card(off: Sequence[Sequence[Any]], total: Any, full: Any) -> str:
    told = "、".join(f"{name}扣{_n(points)}分" for name, points in off)
    return f"，得{_n(total)}分（满分{_n(full)}分{'，' if told else ''}{told}）"


def _rung(
    period: str, total: Any, unit: str, worth: Any, had: Any, left: Any, mark: str = "", scaled: Any = None
) -> str:
    """``mark``: − where points are taken; ``scaled``: what several times the difference is, before it is rounded."""
    over = period if period == NAMES["ever"] else f"{period}累计"
    due, done = ("应扣", "已扣") if mark else ("应得", "已得")
    times = "" if scaled is None else f"，相差的部分折算为{_n(scaled)}分"
    sign = mark if _n(left) != "0" else ""
    return f"，{over}{_n(total)}{unit}，{due}{_n(worth)}分，{done}{_n(had)}分{times}，计{sign}{_n(left)}分"


def _cap(period: str, whose: str, most: Any, had: Any, left: Any) -> str:
    return f"，{NAMES[period]}{whose}上限{_n(most)}分，已得{_n(had)}分，计{_n(left)}分"


def _cap_taken(period: str, whose: str, most: Any, had: Any, left: Any) -> str:
    return f"，{NAMES[period]}{whose}扣分上限{_n(most)}分，已扣{_n(had)}分，计−{_n(left)}分"


def _count(period: str, whose: str, most: Any, had: Any) -> str:
    return f"，{NAMES[period]}{whose}限计{_n(most)}次，已计{_n(had)}次，不再计分"


def _times(names: Sequence[str], factor: Any, total: Any) -> str:
    return f"，{'、'.join(names)}乘{_n(factor)}{_comes_to(total)}"


def _comes_to(total: Any) -> str:
    """Nothing where what it comes to depends on what was accumulated."""
    return "" if total is None else f"，为{_minus(total)}分"


def _repaired(taken: Any, given: Any, left: Any, share: Any = 1, ceiling: Any = None, rounded: Any = None) -> str:
    """``share`` of what was taken comes back, up to ``ceiling``; ``rounded`` as the rule keeps its points."""
    kept = "" if rounded is None else f"，取{_n(rounded)}分"
    part = "" if Decimal(share) == 1 else f"，可恢复{share_text(Decimal(share))}{kept}"
    most = "" if ceiling is None else f"，最多恢复{_n(ceiling)}分"
    return f"，以前扣{_n(taken)}分{part}{most}，已恢复{_n(given)}分，计{_n(left)}分"


def _repeat(time: int, factor: Any, total: Any, rounded: Any = None) -> str:
    """Counted are deeds that brought points; a warning is none."""
    what = "扣分" if _is_taken(total) else "计分"
    kept = "" if rounded is None else f"，取{_minus(rounded)}分"
    return f"，第{time}次{what}，按{_n(factor)}倍计，为{_minus(total)}分{kept}"


def _stated(time: int, points: Any, total: Any, rounded: Any = None) -> str:
    """What the rule states for this time, and what it comes to where that is something else."""
    what = "扣分" if _is_taken(total) else "计分"
    comes = "" if _n(total) == _n(points) else _comes_to(total)
    kept = "" if rounded is None else f"，取{_minus(rounded)}分"
    return f"，第{time}次{what}，按{_n(points)}分计{comes}{kept}"


def _streak(length: int, bonus: Any, total: Any) -> str:
    what = "另扣" if _is_taken(total) else "另奖"
    return f"，连续{length}期，{what}{_n(bonus)}分，共{_minus(total)}分"


def _frozen(day: str, title: str = "") -> str:
    return f"，{f'因“{title}”' if title else ''}加分暂停{f'到{day}' if day else '中'}，不计分"


def _group(had: Any, left: Any) -> str:
    return f"，同组条目只计最高的，已得{_n(had)}分，计{_n(left)}分"


def _shared(portions: Sequence[Sequence[Any]], sharing: str, heads: Sequence[int], cell: str = "联户组") -> str:
    """计给户主; 由联户组7户平分; 本户70%、户主30%. ``cell``: how the rulebook calls a 联户组."""
    names = [(_target(to, sharing, heads, cell), share) for to, share in portions]
    if len(names) == 1:
        return f"，{names[0][0]}" if portions[0][0] in MANY else f"，计给{names[0][0]}"
    return "，" + "、".join(f"{name}{share_text(Decimal(share))}" for name, share in names)


def _target(to: str, sharing: str, heads: Sequence[int], cell: str) -> str:
    if to not in MANY:
        return TARGET_NAMES[to]
    who = f"全家{heads[0]}人" if to == "every_member" else f"{cell}{heads[1]}户"
    return f"{who}平分" if sharing == "split" else f"{who}各得"


WORDS: dict[str, Callable[..., str]] = {
    "rule": lambda label, title: f"{label}：{title}",
    "unmet": lambda message: f"，不计分（{message}）",
    "undecided": lambda reason: f"，待补充：{reason}",
    "fixed": _points,
    "brings": lambda texts: f"，{'、'.join(texts)}",
    "tier": _tier,
    "tier_units": _tier_units,
    "tier_range": _tier_range,
    "range": _range,
    "rated": _rated,
    "units": _units,
    "month": lambda year, month, mark, points: f"，{year}年{month}月，{mark}{_n(points)}分/月",
    "percent": _percent,
    "band": _band,
    "ladder": lambda number, unit: f"，{_n(number)}{unit}（按累计数计分）",
    "formula": lambda words, mark, points: f"，{words}{_points(mark, points)}",
    "formula_drawn": lambda words, found: f"，{words}，算得{_n(found)}分",
    "card": _card,
    "grade": lambda name, mark, points: f"，评为{name}{_points(mark, points)}",
    "card_points": lambda factor, mark, points: f"，乘{_n(factor)}{_points(mark, points)}",
    "times": _times,
    "heads": lambda heads, total: f"，乘以{heads}人{_comes_to(total)}",
    "average": lambda heads, total: f"，按{heads}人平均{_comes_to(total)}",
    "shared": _shared,
    "in_all": lambda total: f"，共{_minus(total)}分",
    "apiece": lambda worth: f"，各计{_minus(worth)}分",
    "most": lambda most: f"，最多计{_n(most)}分",
    "least": lambda least: f"，至少计{_n(least)}分",
    "rounded": lambda total: f"，取{_minus(total)}分",
    "frozen": _frozen,
    "warned": lambda time: f"，第{time}次提醒，不扣分",
    "unwarned": lambda label: "，还没有先提醒过，不扣分",
    "cooling": lambda day, days: f"，{day}已计过，{days}天内不再计分",
    "shut_out": lambda label: f"，与{label}不重复计分",
    "group": _group,
    "rung": _rung,
    "repeat": _repeat,
    "repaired": _repaired,
    "streak": _streak,
    "stated": _stated,
    "cap": _cap,
    "cap_taken": _cap_taken,
    "cap_full": lambda period, whose, most: f"，{NAMES[period]}{whose}扣分上限{_n(most)}分，已扣满",
    "count": _count,
    "adjusted": lambda points: f"，审核认定为{_minus(points)}分",
}
