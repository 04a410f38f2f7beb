"""What holds for a whole rulebook, by the word for it, a phrase for each thing: on paper, and compared (pure)."""

from collections.abc import Iterator

from scoring.rules import phrases
from scoring.rules.base import plain
from scoring.rules.phrases import Known
from scoring.rules.spec import PLAIN, BookLimit, Fractions, PointClass, Pool, Settings
from scoring.rules.spec_limits import EVERY

RESIDUE = {"kept": "留在资金里", "next": "并入下一期", "largest": "按零头大小发完"}
NEGATIVE = {
    "allowed": "扣到负分的记欠分，欠分期间不能兑换，年终了结",
    "zero": "积分扣完为止，不记负分",
    "carried": "年终还是负分的，从下一年积分里扣",
}
ABOVE_BASE = "基础分以上的部分才可以兑换"
COUNTS = {"both": "评比和兑换都算", "rank": "只用于评比", "redeem": "只用于兑换"}
PRO_RATA = {"none": "", "months": "，中途参加的按剩下的月份折算", "days": "，中途参加的按剩下的天数折算"}
MEASURES = {"merit": "评比积分", "redeemable": "可兑换积分"}


def told(settings: Settings, known: Known) -> dict[str, list[str]]:
    """By its word, everything that ``settings`` say; ``known`` of the items (``printing.known_of``)."""
    return {
        "合计上限": list(_limits(settings, known)),
        "基础分": list(_base(settings)),
        "兑换范围": [ABOVE_BASE if settings.redeem_above_base else "全部积分都可以兑换"],
        "评比积分扣成负数时": [NEGATIVE[settings.merit.below_zero]],
        "可兑换积分扣成负数时": [NEGATIVE[settings.redeemable.below_zero]],
        "积分上下限": list(_bounds(settings)),
        "积分类别": [_class(one) for one in settings.classes],
        "分红": [_pool(one) for one in settings.pools],
        "联户组": list(_cells(settings)),
        "小数": [phrases.fractions(settings.fractions)],
    }


def printed(settings: Settings, known: Known) -> Iterator[str]:
    """As the printed rulebook states it, where it says anything."""
    yield from _limits(settings, known)
    yield from (f"基础分：{one}" for one in _base(settings))
    if settings.redeem_above_base:
        yield ABOVE_BASE
    yield from _negatives(settings)
    yield from (f"设{_class(one)}" for one in settings.classes)
    yield from _bounds(settings)
    yield from map(_pool, settings.pools)
    yield from _cells(settings)
    if settings.fractions != PLAIN.fractions:
        yield f"小数：{phrases.fractions(settings.fractions)}"


def _negatives(settings: Settings) -> Iterator[str]:
    """One phrase where both measures do alike."""
    merit, redeemable = settings.merit.below_zero, settings.redeemable.below_zero
    if merit == redeemable != "allowed":
        yield NEGATIVE[merit]
        return
    for measure, kept in ((MEASURES["merit"], merit), (MEASURES["redeemable"], redeemable)):
        if kept != "allowed":
            yield f"{measure}：{NEGATIVE[kept]}"


def _limits(settings: Settings, known: Known) -> Iterator[str]:
    for limit in settings.limits:
        whose = "、".join(known.items.get(code, code.upper()) for code in limit.rules) or "各条目"
        yield f"{whose}{'加分' if limit.sign == 'positive' else '扣分'}合计{_cap(limit, known)}"


def _cap(limit: BookLimit, known: Known) -> str:
    return phrases.shared(limit, limit.rules or known.asked, known)


def beside(settings: Settings, known: Known) -> dict[str, list[str]]:
    """By the code of each item that a combined cap names: the cap, with the other items that it is shared with."""
    found: dict[str, list[str]] = {}
    for limit in settings.limits:
        for code in limit.rules:
            others = "、".join(known.items.get(one, one.upper()) for one in limit.rules if one != code)
            found.setdefault(code, []).append(f"与{others}合计{_cap(limit, known)}")
    return found


def _base(settings: Settings) -> Iterator[str]:
    for grant in settings.base:
        when = "参加时" if grant.when == "joining" else EVERY[grant.when]
        members = "、".join(f"{one.name}{plain(one.points)}分" for one in grant.members)
        by_member = f"，另按家庭成员：{members}" if members else ""
        spent = "，可以兑换" if grant.redeemable else ""
        yield f"{when}每户{plain(grant.points)}分{by_member}{PRO_RATA[grant.pro_rata]}{spent}"


def _class(one: PointClass) -> str:
    weight = f"，折算{plain(one.weight)}计入总分" if one.weight != 1 else ""
    counts = "" if one.counts_for == "both" else f"，{COUNTS[one.counts_for]}"
    kept = "，长期保留" if one.keeps else ""
    ends = f"，{one.expires.length}个月内有效" if one.expires else ""
    return f"“{one.name}”一类{weight}{counts}{kept}{ends}"


def _pool(pool: Pool) -> str:
    least = f"，满{plain(pool.least_points)}分的参加" if pool.least_points else ""
    by = "可兑换积分" if pool.measure == "redeemable" else "积分"
    kept = phrases.fractions(Fractions(places=pool.places, rounding=pool.rounding)).replace("只计整分", "只发整元")
    cents = "" if (pool.places, pool.rounding) == (2, "down") else f"，每户金额{kept}"
    return f"{EVERY[pool.period]}按{by}分配“{pool.name}”{least}{cents}，除不尽的{RESIDUE[pool.residue]}"


def _bounds(settings: Settings) -> Iterator[str]:
    for measure, kept in ((MEASURES["merit"], settings.merit), (MEASURES["redeemable"], settings.redeemable)):
        if kept.floor is not None:
            yield f"{measure}最低{plain(kept.floor)}分"
        if kept.ceiling is not None:
            yield f"{measure}最高{plain(kept.ceiling)}分"


def _cells(settings: Settings) -> Iterator[str]:
    if settings.cells:
        yield f"联户组叫“{settings.cells.name}”，每组{settings.cells.size}户左右"
