"""A town whose rulebook has items that a device and a department send."""

from typing import Any

from jifen.kernel.actors import Actor
from scoring.models import FeedKey
from scoring.rules.spec import Rulebook
from scoring.services import feeds, rulebooks
from tests.scoring.desk import DAY, RULES, Desk, rule, scheme

WATER = {"code": "water", "name": "智能水表", "kind": "device"}
ITEMS = [
    rule("water", "节约用水", {"kind": "per_unit", "points": 1, "unit": "吨"}, declarers=["feed"], feed=WATER),
    rule("leak", "漏水报修", 2, subject="resident", declarers=["steward", "feed"], feed=WATER),
    rule("waste", "偷水", 5, sign="negative", declarers=["feed"], feed=WATER | {"reviewed": False}),
    rule("meter", "水表达标", 1, declarers=["feed"], feed=WATER | {"reviewed": False}),
    rule("calm", "平安户", 3, declarers=["feed"], feed={"code": "police", "name": "派出所", "kind": "department"},
         limits=[{"kind": "points", "value": 4, "period": "month", "scope": "household"}]),
    rule("police", "无警情", 3, declarers=["feed"], feed={"code": "police", "name": "派出所", "kind": "department"}),
]  # fmt: skip


def install() -> None:
    """Beside the desk's own rules, in force from the month's first day."""
    book = Rulebook.model_validate({"categories": [{"name": "人居环境"}], "rules": [*RULES, *ITEMS]})
    changed = scheme().model_copy(update={"rulebook": book})
    rulebooks.install(scheme=changed, effective_from=DAY, resolution="修订", by=Actor("system", 0, "系统"))


def key(desk: Desk, feed: str = "water", name: str = "智能水表平台") -> tuple[FeedKey, str]:
    return feeds.open_key(feed=feed, name=name, by=desk.by)


def row(desk: Desk, **more: Any) -> dict[str, Any]:
    """One line as a meter sends it."""
    told = {"id": "1", "rule": "water", "household": desk.zhang.number, "happened_on": DAY.isoformat(),
            "facts": {"quantity": "3"}}  # fmt: skip
    return told | more
