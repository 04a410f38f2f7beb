"""Rules of all kinds, put in force in the place of the desk's few."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from jifen.kernel.actors import SYSTEM
from scoring.models import RulebookVersion
from scoring.rules import spec
from scoring.services import rulebooks
from tests.scoring.desk import NOW, RULES, Desk, rule, scheme

AREA = "人居环境"
RUNGS = [{"at": 20, "points": 2}, {"at": 50, "points": 5}, {"at": 100, "points": 10}]
WIDE = [
    rule("hours", "志愿服务", {"kind": "ladder", "unit": "小时", "rungs": RUNGS}),
    rule("gift", "彩礼", {"kind": "bands", "by": "money", "unit": "元", "bands": [
        {"least": 0, "most": 30000, "points": 10}, {"least": "30000.01", "below": 80000, "points": 5}]},
        inputs=[{"name": "money", "label": "彩礼", "kind": "money", "unit": "元"}]),
    rule("income", "增收", {"kind": "percent", "percent": 1, "of": "quantity", "unit": "元", "most": 50}),
    rule("yard", "庭院检查", {"kind": "score_card", "items": [
        {"code": "tidy", "name": "整洁", "most": 60}, {"code": "green", "name": "绿化", "most": 40}],
        "grades": [{"code": "a", "name": "优", "least": 90, "points": 5}, {"code": "b", "name": "良", "least": 70,
                                                                          "points": 3}]}),
    rule("neighbourly", "邻里评议", {"kind": "range", "least": 0, "most": 10, "step": 1},
         rating={"parts": [{"who": "neighbour", "least": 3}], "most": 10}),
    rule("stay", "陪护", {"kind": "formula", "formula": "mul(stay_days, 2)", "words": "天数乘2", "most": 20},
         inputs=[{"name": "stay", "label": "陪护", "kind": "date_range"}]),
    rule("lead", "带头", 2, subject="resident", multipliers={"roles": [
        {"role": "party_member", "name": "党员", "factor": "1.5"}]}),
    rule("crew", "全家参加", 2, heads="times"),
    rule("other", "其他好事", {"kind": "range", "least": 1, "most": 5},
         catch_all={"most": 5, "names_a_rule": True}),
    rule("proven", "获奖材料", 4, evidence="required",
         proofs=[{"kind": "photo", "least": 2}, {"kind": "certificate", "least": 1}]),
    rule("keep", "保洁", 2, limits=[{"kind": "points", "value": 6, "period": "halfyear"}]),
]  # fmt: skip


def install(
    desk: Desk, *, more: Sequence[dict[str, Any]] = (), since: date | None = None, **head: Any
) -> RulebookVersion:
    """The desk's rules, ``WIDE`` and ``more`` in force from the year's first day; ``head``: limits, settings."""
    categories = [{"name": AREA, "limits": head.pop("limits", [])}]
    rules = spec.Rulebook.model_validate({"categories": categories, "rules": [*RULES, *WIDE, *more], **head})
    return rulebooks.install(
        scheme=scheme().model_copy(update={"rulebook": rules}),
        effective_from=since or date(NOW.year, 1, 1),
        resolution="村民代表会议",
        by=SYSTEM,
    )
