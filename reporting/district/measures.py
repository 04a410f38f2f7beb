"""What a tile of the overview counts, village by village, those that lack something first. Figures alone."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from jifen.kernel.errors import NotFound
from jifen.web.wording import grouped, percent, points_text
from reporting.district.figures import VillageLine

Cells = tuple[str, ...]


class MeasureUnknown(NotFound):
    code = "measure_unknown"
    message = "没有这项数据，请从总览点进来。"


@dataclass(frozen=True, slots=True)
class Measure:
    """``cells`` stand below ``heads``; ``order`` brings the villages to look at to the top; ``lacks`` marks them."""

    title: str
    hint: str
    heads: Cells
    cells: Callable[[VillageLine], Cells]
    order: Callable[[VillageLine], Any]
    lacks: Callable[[VillageLine], bool]

    def sorted(self, lines: Iterable[VillageLine]) -> list[VillageLine]:
        return sorted(lines, key=self.order)


def measure(key: str) -> Measure:
    """Raises:
    MeasureUnknown: the overview has no such tile.
    """
    if key not in MEASURES:
        raise MeasureUnknown
    return MEASURES[key]


def _taking_part(line: VillageLine) -> Cells:
    counts = line.counts
    share = percent(counts.share) if counts.is_known else "不明"
    return grouped(counts.joined), grouped(counts.households), share


def _plus(line: VillageLine) -> Cells:
    return points_text(line.counts.positive), grouped(line.counts.entries), str(len(line.months))


def _minus(line: VillageLine) -> Cells:
    counts = line.counts
    return points_text(counts.negative), points_text(counts.positive - counts.negative)


def _redeemed(line: VillageLine) -> Cells:
    return grouped(line.counts.redemptions), points_text(line.counts.redeemed)


def _early(line: VillageLine) -> Cells:
    return "已兑换" if line.redeemed_before_october else "还没有", grouped(line.counts.redemptions)


def _lists(line: VillageLine) -> Cells:
    return str(line.counts.red), str(line.counts.black)


def _objections(line: VillageLine) -> Cells:
    return str(line.counts.objections), str(line.counts.objections_overdue)


MEASURES = {
    "joined": Measure(
        "参加户数",
        "参与率没到目标的在前",
        ("参加户", "总户数", "参与率"),
        _taking_part,
        lambda line: line.counts.share,
        lambda line: line.counts.short or not line.counts.is_known,
    ),
    "plus": Measure(
        "本年加分",
        "还没有加分的在前，由少到多",
        ("加分", "笔数", "已审月数"),
        _plus,
        lambda line: line.counts.positive,
        lambda line: not line.counts.positive,
    ),
    "minus": Measure(
        "本年扣分",
        "由多到少",
        ("扣分", "净分"),
        _minus,
        lambda line: -line.counts.negative,
        lambda line: False,
    ),
    "redeemed": Measure(
        "已兑换",
        "还没有兑换的在前，由少到多",
        ("次数", "兑换积分"),
        _redeemed,
        lambda line: line.counts.redemptions,
        lambda line: not line.counts.redemptions,
    ),
    "early": Measure(
        "10月前兑换",
        "还没有兑换的在前",
        ("10月前兑换", "全年次数"),
        _early,
        lambda line: (line.redeemed_before_october, line.counts.redemptions),
        lambda line: not line.redeemed_before_october,
    ),
    "lists": Measure(
        "红榜 / 黑榜",
        "还没有上榜的在前",
        ("红榜户次", "黑榜户次"),
        _lists,
        lambda line: line.counts.red + line.counts.black,
        lambda line: not line.counts.red + line.counts.black,
    ),
    "objections": Measure(
        "异议",
        "镇里逾期的在前，其余由多到少",
        ("件数", "镇里逾期"),
        _objections,
        lambda line: (-line.counts.objections_overdue, -line.counts.objections),
        lambda line: line.counts.objections_overdue > 0,
    ),
}
"""By the word in the address."""
