"""The three towns of the demo, as the seeds describe them.

``JIFEN_DEMO_PLAN=small`` makes a few villages that live four months, ``half`` the same villages and eight months.
"""

import os
from dataclasses import dataclass, replace
from datetime import date

from jifen.kernel import clock

YEAR = 2025
START = date(YEAR, 1, 1)
PASSWORD = "jifen-2025"
"""Of every demo account; made in the embedded mode alone."""

ADAPTS = date(YEAR, 3, 1)
"""The month at whose end the first village of each town, where the newcomer signs in, resolves its own rules."""
REVISES = ("qingxi", date(YEAR, 6, 1))
"""Town and month at whose end the town tries and revises its rulebook."""
LEAVES = "chuansha"
"""Town in which two objections to deeds of the last January wait for an answer until it is too late."""

DISTRICT_CODE = "990101"
DISTRICT_NAME = "积分示范区"


@dataclass(frozen=True, slots=True)
class TownPlan:
    """``households`` per village; ``windows`` are (month, first day, last day) of the redemption plan."""

    host: str
    name: str
    code: str
    scheme_code: str
    villages: tuple[str, ...]
    households: int
    shops: int
    windows: tuple[tuple[int, int, int], ...]
    inspects: bool = False
    templates: tuple[str, ...] = ()
    """Of the seeds whose flows the town takes, the first before the second."""
    unused: tuple[str, ...] = ()
    """Kinds for which it takes no flow."""
    coming: tuple[tuple[int, int, int], ...] = ()
    """All windows of the next year, as often as the seed says; one of them is open when the newcomer comes."""

    @property
    def phone(self) -> str:
        """The office's number, made up like every village's; a number that no exchange hands out (000)."""
        return f"023-000{self.code[-3:]}00"

    @property
    def phones(self) -> tuple[str, ...]:
        return tuple(f"023-000{self.code[-3:]}{number:02d}" for number in range(1, len(self.villages) + 1))


CHUANSHA_VILLAGES = tuple(
    f"{name}村"
    for line in (
        "纯新 新春 会龙 七灶 八灶 营房 其成 界龙 长丰 湾镇 大洪 吴店",
        "民义 杜坊 储店 高桥 连民 新浜 陈行 六团 长桥 纪家 金家 赵行",
        "牌楼 王家 杨桥 陶家 小湾 学北 虹桥 黄楼 栏杆 华路 心圆 鹿溪",
    )
    for name in line.split()
)
SHUREN_VILLAGES = (
    "石岭岗村", "白江洞村", "大石板村", "金竹溪村", "赤霞岭村", "柏林坪村", "双桂湾村", "龙门桥村", "树人社区",
)  # fmt: skip
QINGXI_VILLAGES = tuple(
    f"{name}村"
    for line in (
        "清溪 上塘 下塘 东岸 西岸 石桥 柳林 茶坪 枫树 白鹤 青山",
        "绿水 新安 永丰 和平 团结 红星 向阳 太平 长乐 福田",
    )
    for name in line.split()
)
ALLIANCE = "seed_003"
"""Of its 兑换联盟 and what the town pays all three take, as far as their own seeds are silent."""

TOWNS = (
    TownPlan(
        "chuansha",
        "川沙新镇",
        "990101001",
        "seed_001",
        CHUANSHA_VILLAGES,
        24,
        6,
        ((6, 16, 30), (9, 10, 25), (12, 8, 22)),
        coming=((6, 15, 30), (9, 10, 25), (12, 8, 22)),
        templates=("seed_001", ALLIANCE),
        unused=("filing",),
    ),
    TownPlan(
        "shuren",
        "树人镇",
        "990101002",
        "seed_002",
        SHUREN_VILLAGES,
        80,
        9,
        ((4, 12, 26), (7, 12, 26), (10, 12, 26), (12, 8, 22)),
        coming=((3, 1, 20), (6, 12, 26), (9, 12, 26), (12, 8, 22)),
        templates=("seed_002", ALLIANCE),
    ),
    TownPlan(
        "qingxi",
        "清溪镇",
        "990101003",
        "seed_000_003",
        QINGXI_VILLAGES,
        26,
        21,
        ((2, 12, 20), (3, 12, 20), (4, 12, 20), (6, 16, 24), (9, 16, 24), (12, 8, 22)),
        inspects=True,
        coming=((3, 12, 20), (6, 16, 24), (9, 16, 24), (12, 8, 22)),
        templates=("seed_000", ALLIANCE),
    ),
)


@dataclass(frozen=True, slots=True)
class DistrictPlan:
    """``months`` are lived through; the year is closed only when all twelve are."""

    towns: tuple[TownPlan, ...]
    months: tuple[int, ...]

    @property
    def whole(self) -> bool:
        return len(self.months) == 12

    @property
    def hosts(self) -> tuple[str, ...]:
        return tuple(town.host for town in self.towns)

    @property
    def until(self) -> date:
        """The day after the last month of the year."""
        return clock.next_month(date(YEAR, self.months[-1], 1))

    @property
    def last(self) -> date:
        """The last month shown: the one that is left for the newcomer to finish."""
        return date(YEAR + 1, 2, 1) if self.whole else date(YEAR, self.months[-1], 1)

    @property
    def unanswered(self) -> date:
        """The month whose deeds are questioned and whose questions nobody answers."""
        return date(self.last.year, 1, 1)

    def town(self, host: str) -> TownPlan:
        return next(plan for plan in self.towns if plan.host == host)


FULL = DistrictPlan(TOWNS, tuple(range(1, 13)))


def _small(plan: TownPlan) -> TownPlan:
    """Two villages. 树人镇 answers objections without a flow: both ways are walked."""
    unused = (*plan.unused, "objection") if plan.host == "shuren" else plan.unused
    return replace(plan, villages=plan.villages[:2], households=12, shops=2, windows=((5, 1, 20),), unused=unused)


SMALL = DistrictPlan(tuple(_small(plan) for plan in TOWNS), (1, 2, 3, 4))
HALF = replace(SMALL, months=tuple(range(1, 9)))
PLANS = {"small": SMALL, "half": HALF}


def chosen() -> DistrictPlan:
    return PLANS.get(os.environ.get("JIFEN_DEMO_PLAN", ""), FULL)
