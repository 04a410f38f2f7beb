"""What changed, in sentences that say what: “原来…，现在…”."""

from typing import Any

import pytest

from scoring.rules import diffs
from scoring.rules.diffs import diff, sentences
from scoring.rules.spec import Rulebook, RuleSpec
from tests.scoring.rules.build import book, rule

PRICE = {"name": "price", "label": "彩礼", "kind": "money", "unit": "元"}
TABLES = {"name": "tables", "label": "宴席桌数", "kind": "count"}
LOW = {"when": "price <= 80000.0 && tables <= 15", "message": "彩礼不超过8万元、宴席不超过15桌"}
LOWER = {"when": "price <= 60000 && tables <= 12", "message": "彩礼不超过6万元、宴席不超过12桌"}
HONOURS = {"kind": "bar_honours", "until": "next_year_end", "text": "两年内不得评优"}
FREEZE = {"kind": "freeze_positive", "until": "months", "months": 3, "text": "三个月不加分"}
ROLES = [{"role": "party_member", "name": "党员", "factor": "1.5"}]
LADDER = {"kind": "ladder", "unit": "小时", "rungs": [{"at": 20, "points": 2}, {"at": 50, "points": 5}]}
CARD: dict[str, Any] = {
    "kind": "score_card", "marks": "deduct",
    "items": [{"code": "yard", "name": "院内", "most": 60}, {"code": "room", "name": "屋内", "most": 40}],
    "grades": [{"code": "a", "name": "甲等", "least": 90, "points": 10}],
}  # fmt: skip
WEDDING = {"inputs": [PRICE, TABLES]}
OTHER_WHEN = LOWER | {"message": LOW["message"]}

CHANGES: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    (
        WEDDING | {"conditions": [LOW]}, WEDDING | {"conditions": [LOWER]},
        ("条件原来“彩礼不超过8万元、宴席不超过15桌”（彩礼 ≤ 80000 并且 宴席桌数 ≤ 15），"
        "现在“彩礼不超过6万元、宴席不超过12桌”（彩礼 ≤ 60000 并且 宴席桌数 ≤ 12）"),
    ),
    (
        WEDDING | {"conditions": [LOW]}, WEDDING | {"conditions": [OTHER_WHEN]},
        ("条件原来“彩礼不超过8万元、宴席不超过15桌”（彩礼 ≤ 80000 并且 宴席桌数 ≤ 15），"
        "现在“彩礼不超过8万元、宴席不超过15桌”（彩礼 ≤ 60000 并且 宴席桌数 ≤ 12）"),
    ),
    (WEDDING, {"inputs": [PRICE, TABLES | {"required": False}]},
     "填写项原来“宴席桌数（个数，必填）”，现在“宴席桌数（个数，可以不填）”"),
    ({"streak": {"length": 3, "bonus": 10}}, {"streak": {"length": 6, "bonus": 15}},
     "连续几期原来“连续3个月都有的，另奖10分”，现在“连续6个月都有的，另奖15分”"),
    ({}, {"streak": {"length": 3, "bonus": 10, "again": True, "scope": "resident"}},
     "连续几期原来没有，现在“每人连续3个月都有的，另奖10分，每满一轮再奖”"),
    ({"multipliers": {"roles": ROLES}}, {"multipliers": {"roles": [ROLES[0] | {"factor": 2}]}},
     "按身份的倍数原来党员按1.5倍计，现在党员按2倍计"),
    ({"sign": "negative", "after_warning": {"times": 1}}, {"sign": "negative", "after_warning": {"times": 2}},
     "先提醒原来“每年先提醒1次，再扣分”，现在“每年先提醒2次，再扣分”"),
    ({"sign": "negative", "after_warning": {"period": "quarter"}}, {"sign": "negative", "after_warning": {}},
     "先提醒原来“每季度先提醒1次，再扣分”，现在“每年先提醒1次，再扣分”"),
    ({"repeat": {"nth": 2, "grows": True, "most": 4}}, {"repeat": {"nth": 3}},
     "多次的原来“每年第2次起按2倍计，以后每多一次再乘一次，最多4倍”，现在每年第3次起按2倍计"),
    ({"repeat": {"amounts": [3, 1]}}, {"repeat": {"amounts": [3, 2, 0]}},
     "多次的原来每年第2次3分、第3次起1分，现在每年第2次3分、第3次2分、第4次起0分"),
    ({"group": {"code": "g"}}, {"group": {"code": "g", "counts": "first"}},
     "同组只计一项原来每年同组条目只计最高的一项，现在每年同组条目只计最先的一项"),
    ({"group": {"code": "g"}}, {"group": {"code": "h"}},
     ("同组只计一项有改动（同类只计一项原来（编号g，怎么算只算最高的，周期每年，按谁计每户），"
     "现在（编号h，怎么算只算最高的，周期每年，按谁计每户））")),
    ({"catch_all": {"most": 5, "approval": "town"}}, {"catch_all": {"most": 5, "approval": "committee"}},
     "兜底约定原来“最多5分，须经镇里同意”，现在“最多5分，须经审核委员会同意”"),
    ({"attribution": "cell"}, {"attribution": "cell", "sharing": "each"},
     "记给谁原来“积分计给联户组，平分”，现在“积分计给联户组，每人（户）都得全分”"),
    ({"effect": HONOURS, "effects": [FREEZE]}, {"effect": HONOURS | {"until": "year_end"}},
     ("其他后果原来“两年内不得评优”（取消评优资格，到下一年年底）、“三个月不加分”（暂停加分，满3个月），"
     "现在“两年内不得评优”（取消评优资格，到当年年底）")),
    ({"effect": HONOURS, "effects": [FREEZE]}, {"effect": HONOURS}, "其他后果去掉“三个月不加分”（暂停加分，满3个月）"),
    ({"amount": LADDER}, {"amount": LADDER | {"counts": "each"}}, "各级原来只计最高的一级，现在每到一级都计"),
    ({"amount": LADDER}, {"amount": LADDER | {"period": "month"}}, "累计原来每户每年，现在每户每月"),
    ({"amount": CARD}, {"amount": CARD | {"marks": "score"}}, "打分原来报扣了几分，现在报得了几分"),
    ({"amount": CARD}, {"amount": CARD | {"grades": [CARD["grades"][0] | {"least": 95}]}},
     "分值原来甲等（90分以上）+10分，现在甲等（95分以上）+10分"),
    ({"redeemable": True}, {"redeemable": False}, "用在哪里原来评比和兑换都算，现在“只参加评比，不能兑换”"),
    ({"evidence": "optional"}, {"evidence": "required", "proofs": [{"kind": "photo", "least": 2}]},
     "佐证原来自愿，现在须有（照片2份）"),
    ({"fractions": {"places": 1}}, {"fractions": {"places": 0, "rounding": "down"}},
     "小数取法原来“保留1位小数，四舍五入”，现在“只计整分，舍去零头”"),
    ({"until": "2025-12-31"}, {}, "起止日期原来只计2025年12月31日止的行为，现在没有"),
    ({"expires": {"months": 6}}, {"expires": {"years": 1}}, "有效期原来6个月内有效，现在12个月内有效"),
    ({"declarers": ["self"]}, {"declarers": ["self", "group_leader"]}, "由谁申报原来本人，现在本人、组长"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "sentence"), CHANGES)
def test_a_change_says_what_it_was_and_what_it_is(old: dict[str, Any], new: dict[str, Any], sentence: str) -> None:
    assert sentences(rule(**old), rule(**new)) == [sentence]


ONE = {"kind": "points", "value": 60, "period": "month"}
SETTINGS: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    ({"limits": [ONE]}, {"limits": [ONE | {"value": 80}]},
     "合计上限原来各条目加分合计每户每月最多60分，现在各条目加分合计每户每月最多80分"),
    ({"redeemable": {"negative": "carried"}}, {"redeemable": {"negative": "zero"}},
     "可兑换积分扣成负数时原来“年终还是负分的，从下一年积分里扣”，现在“积分扣完为止，不记负分”"),
    ({"redeem_above_base": True}, {}, "兑换范围原来基础分以上的部分才可以兑换，现在全部积分都可以兑换"),
    ({}, {"redeemable": {"ceiling": 500}}, "积分上下限增加可兑换积分最高500分"),
    ({"base": [{"when": "year", "points": 100}]}, {"base": [{"when": "year", "points": 100, "pro_rata": "months"}]},
     "基础分原来每年每户100分，现在“每年每户100分，中途参加的按剩下的月份折算”"),
    ({"classes": [{"code": "c", "name": "善行分"}]}, {"classes": [{"code": "c", "name": "善行分", "weight": "1.5"}]},
     "积分类别原来“善行分”一类，现在“善行分”一类，折算1.5计入总分"),
    ({"pools": [{"code": "p", "name": "分红"}]}, {"pools": [{"code": "p", "name": "分红", "residue": "next"}]},
     "分红原来“每年按积分分配‘分红’，除不尽的留在资金里”，现在“每年按积分分配‘分红’，除不尽的并入下一期”"),
    ({}, {"cells": {"name": "联户组", "size": 8}}, "联户组增加联户组叫“联户组”，每组8户左右"),
    ({}, {"fractions": {"places": 0}}, "小数原来“保留2位小数，四舍五入”，现在“只计整分，四舍五入”"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "sentence"), SETTINGS)
def test_of_the_whole_book_each_thing_is_told_apart(old: dict[str, Any], new: dict[str, Any], sentence: str) -> None:
    assert [line.text for line in diff(book(rule(), **old), book(rule(), **new))] == [f"整本细则的{sentence}。"]


def test_a_main_class_tells_its_cap() -> None:
    [line] = diff(book(rule(), shared=[ONE]), book(rule()))
    assert line.text == "大类“美丽建设”：合计上限原来加分每户每月最多60分，现在不设。"


def test_a_new_item_is_told_with_everything_that_it_says() -> None:
    shop = rule(
        code="shop", title="开办网店", amount={"kind": "fixed", "points": 10}, once=True, evidence="required",
        multipliers={"roles": ROLES}, effects=[HONOURS], **WEDDING, conditions=[LOW], not_with={"rules": ["md-03"]},
    )  # fmt: skip
    [line] = diff(book(rule()), book(rule(), shop))
    assert line.text == (
        "新增“开办网店”：+10分，每户只计一次；彩礼不超过8万元、宴席不超过15桌；与“植树”（MD-03）不重复计；"
        "党员按1.5倍计；“两年内不得评优”（取消评优资格，到下一年年底）；佐证须有。"
    )


def test_without_a_difference_nothing_is_told() -> None:
    same: Rulebook = book(rule(), limits=[ONE])
    assert diff(same, same) == ()


def test_items_of_a_group_are_named() -> None:
    first, second = (
        rule(code=code, title=title, group={"code": "g"}) for code, title in (("a-1", "甲"), ("a-2", "乙"))
    )
    [line] = diff(book(first), book(first, second))
    assert line.text == "新增“乙”：+2分/次；每年“甲”（A-1）、“乙”（A-2）只计最高的一项。"


def test_no_part_of_an_item_goes_without_a_word() -> None:
    untold = {"code", "sign", "amount", "limits", "once", "active", "title", "figures", "source", "note"}
    several = {"conditions", "inputs", "effect", "effects"}
    held = {field for name in diffs.WORDS for field in diffs.HELD.get(name, (name,))}
    assert set(RuleSpec.model_fields) - untold - several - set(diffs.TEXTS) == held
