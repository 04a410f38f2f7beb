"""``jifen bench rules``: full awards per second of one core, against a function written by hand for the same rulebook.

A mixed rulebook of 80 items with caps, one batch of N deeds. Ours prices each deed and posts them one after another:
conditions in CEL, caps of the rule, its category and the rulebook, what looks back, shares, and the steps that the
sentence is made of when somebody reads it. The baseline is plain Python for these very 80 items and gives points alone.
Both sides must give the same points, or the figures mean nothing. Seconds are processor seconds, so that neighbours on
the machine do not count.
"""

import statistics
import time
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from scoring import bench_rules_by_hand as by_hand
from scoring.bench_rules_by_hand import Deed
from scoring.rules.candidates import Candidate, posting_order
from scoring.rules.engine import Facts, prepare
from scoring.rules.sequence import sequence
from scoring.rules.spec import Rulebook

ROUNDS = 5
TARGET = 20_000
START = date(2025, 1, 1)


def rules(n: int = 20_000) -> dict[str, Any]:
    """Awards per second of ours and of the baseline over ``n`` deeds, medians of five alternating runs."""
    book = rulebook()
    deeds = made_up(n)
    _check_equal(book, deeds)
    runs = [(_timed(lambda: ours(book, deeds)), _timed(lambda: by_hand.award(deeds))) for _ in range(ROUNDS)]
    mine, bare = (statistics.median(side) for side in zip(*runs, strict=True))
    return {
        "bench": "rules",
        "unit": "awards/s per core",
        "n": n,
        "items": len(book.rules),
        "ours": round(n / mine, 1),
        "baseline": round(n / bare, 1),
        "ratio": round(bare / mine, 3),
        "target": TARGET,
        "rounds": ROUNDS,
    }


def _timed(act: Callable[[], object]) -> float:
    start = time.process_time()
    act()
    return time.process_time() - start


def ours(book: Rulebook, deeds: Sequence[Deed]) -> list[Decimal]:
    """The points of each deed, in the order of ``deeds``, which is posting order."""
    return [result.award.points for result in sequence(candidates(book, deeds))]


def candidates(book: Rulebook, deeds: Sequence[Deed]) -> list[Candidate]:
    """The deeds priced, keyed by their place."""
    prepared = {rule.code: prepare(rule, book.settings) for rule in book.rules}
    waiting = []
    for place, deed in enumerate(deeds):
        rule = prepared[deed.code]
        award = rule.price(Facts(date=deed.date, quantity=deed.quantity, tier=deed.tier, inputs=deed.inputs))
        waiting.append(
            Candidate(
                key=f"{place:08d}", rule=rule.rule, date=deed.date, award=award, household=deed.household,
                village="1", book=book,
            )
        )  # fmt: skip
    return waiting


def _check_equal(book: Rulebook, deeds: Sequence[Deed]) -> None:
    wrong = [
        (deed.code, mine, bare)
        for deed, mine, bare in zip(deeds, ours(book, deeds), by_hand.award(deeds), strict=True)
        if mine != bare
    ]
    if wrong:
        raise RuntimeError(f"the baseline differs in {len(wrong)} awards, first {wrong[0]}")


def made_up(n: int) -> list[Deed]:
    """``n`` deeds of a half-year over all items, fifty for each household, in posting order; the same every time."""
    luck = Random(310115)  # noqa: S311 - made-up deeds
    homes = max(n // 50, 1)
    waiting = [_deed(luck, str(luck.randrange(homes))) for _ in range(n)]
    book = rulebook()
    priced = candidates(book, waiting)
    return [waiting[int(item.key)] for item in sorted(priced, key=posting_order)]


def _deed(luck: Random, home: str) -> Deed:
    family, place = luck.choice("abcdefgh"), luck.randrange(10)
    day = START + timedelta(luck.randrange(180))
    inputs = {"price": luck.randrange(60_000, 100_000, 500), "tables": luck.randrange(8, 20)} if family == "g" else {}
    tier = luck.choice(["cun", "zhen", "xian"])
    return Deed(f"{family}-{place}", day, home, luck.randrange(1, 13), tier, inputs)


def rulebook() -> Rulebook:
    """Eight families of ten items; see the module written by hand for the same."""
    items = [_item(family, place) for family in "abcdefgh" for place in range(10)]
    return Rulebook.model_validate(
        {
            "categories": [
                {"name": name, "limits": [{"kind": "points", "value": 120, "period": "halfyear"}]}
                for name in ("人居环境", "文明新风")
            ],
            "rules": items,
            "settings": {"limits": [{"kind": "points", "value": 200, "period": "year"}]},
        }
    )


def _item(family: str, place: int) -> dict[str, Any]:
    return {
        "code": f"{family}-{place}",
        "sign": "positive",
        "category": "人居环境" if family < "e" else "文明新风",
        "matter": "测量",
        "title": f"第{place}项",
        "text": "测量用的条目",
        "source": {"section": "测量"},
        **_FAMILIES[family](place + 1),
    }


def _cap(kind: str, value: int, period: str) -> list[dict[str, Any]]:
    return [{"kind": kind, "value": value, "period": period}]


def _tiers(size: int) -> dict[str, Any]:
    levels = zip(("cun", "zhen", "xian"), ("村级", "镇级", "县级"), (1, 3, 6), strict=True)
    tiers = [{"code": code, "name": name, "points": size * times} for code, name, times in levels]
    return {"amount": {"kind": "tiers", "tiers": tiers, "per": "次"}, "limits": _cap("points", 40, "year")}


def _bands(size: int) -> dict[str, Any]:
    middle = {"least": 4, "below": 9, "points": size + 2}
    bands = [{"below": 4, "points": size}, middle, {"least": 9, "points": size + 5}]
    return {"amount": {"kind": "bands", "bands": bands, "unit": "名"}, "limits": _cap("points", 25, "quarter")}


def _wedding(size: int) -> dict[str, Any]:
    return {
        "amount": {"kind": "fixed", "points": 10 + size},
        "inputs": [
            {"name": "price", "label": "彩礼", "kind": "money", "unit": "元"},
            {"name": "tables", "label": "桌数", "kind": "count", "unit": "桌"},
        ],
        "conditions": [{"when": "price <= 80000 && tables <= 15", "message": "彩礼不超过8万元，宴席不超过15桌"}],
        "limits": _cap("count", 1, "year"),
    }


def _backward(size: int) -> dict[str, Any]:
    if size <= 4:
        rungs = [{"at": 10, "points": size}, {"at": 25, "points": size + 3}, {"at": 60, "points": size + 8}]
        return {"amount": {"kind": "ladder", "unit": "小时", "rungs": rungs}}
    if size <= 7:
        return {"amount": {"kind": "fixed", "points": size}, "cooldown": {"days": 10}}
    return {"sign": "negative", "amount": {"kind": "fixed", "points": size}, "repeat": {"nth": 2}}


_FAMILIES: dict[str, Callable[[int], dict[str, Any]]] = {
    "a": lambda size: {"amount": {"kind": "fixed", "points": size, "per": "次"}, "limits": _cap("count", 2, "month")},
    "b": lambda size: {
        "amount": {"kind": "per_unit", "points": f"{size}.5", "unit": "棵"}, "limits": _cap("points", 30, "month"),
    },
    "c": _tiers,
    "d": lambda size: {
        "sign": "negative", "amount": {"kind": "fixed", "points": size}, "limits": _cap("points", 6, "month"),
    },
    "e": _bands,
    "f": lambda size: {"amount": {"kind": "per_month", "points": size}},
    "g": _wedding,
    "h": _backward,
}  # fmt: skip
