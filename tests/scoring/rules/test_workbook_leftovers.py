"""Words of a price cell beside the price: read rightly, or told, never dropped."""

from typing import Any

import pytest

from scoring.rules.spec import RuleSpec
from scoring.rules.workbook import importing

HEAD = "{}清单,,,\n大类,事项,行为,奖惩\n环境,卫生,清扫门前道路,"

AT_ZERO = {"kind": "leave_programme", "at_zero": True}
LEFT_AT_ZERO = (
    "积分为零的退出积分制",
    "积分扣完退出积分制",
    "扣完为止，强制退出积分制",
    "积分降为0分的，予以退出积分制管理",
    "扣到零才退出积分制",
    "积分清零后退出积分制",
)
READ: list[tuple[str, str, dict[str, Any]]] = [
    ("正面", "5分以内", {"amount": {"kind": "range", "least": "0", "most": "5"}}),
    ("正面", "≤5分", {"amount": {"kind": "range", "least": "0", "most": "5"}}),
    ("正面", "10分（一次性）", {"once": True}),
    ("正面", "加10分，一次性", {"once": True}),
    ("正面", "每两次1分", {"amount": {"kind": "per_unit", "each": "2", "unit": "次"}}),
    ("正面", "每两亩1分", {"amount": {"kind": "per_unit", "each": "2", "unit": "亩"}}),
    ("正面", "2分/次，每年限一次", {"limits": [{"kind": "count", "value": "1", "period": "year"}]}),
    ("正面", "每次2分，上不封顶", {"text": "清扫门前道路"}),
    ("负面", "先警告，再犯扣5分", {"after_warning": {"times": 1}}),
    ("负面", "首次提醒，第二次扣2分", {"after_warning": {"times": 1}}),
    ("负面", "首次警告，第二次起每次扣2分", {"after_warning": {"times": 1}}),
    ("负面", "扣5分，三年内不得兑换", {"effect": {"kind": "bar_redemption", "until": "months", "months": 36}}),
    ("负面", "扣5分，半年内不得加分", {"effect": {"kind": "freeze_positive", "until": "months", "months": 6}}),
    ("负面", "扣5分，两年内不得评优", {"effect": {"kind": "bar_honours", "months": 24}}),
    ("负面", "扣5分，暂停兑换3个月", {"effect": {"kind": "bar_redemption", "months": 3}}),
    ("负面", "扣10分并取消当年和次年兑换资格", {"effect": {"kind": "bar_redemption", "until": "next_year_end"}}),
    ("负面", "扣5分，当月积分清零", {"effect": {"kind": "zero_month", "text": "当月积分清零"}}),
    ("负面", "扣5分，本月积分全部清零", {"effect": {"kind": "zero_month"}}),
    ("负面", "扣5分并当月清零", {"effect": {"kind": "zero_month"}}),
    ("负面", "扣5分，当年积分清零", {"effect": {"kind": "zero_year"}}),
    ("负面", "扣5分，取消次年评优资格", {"effect": {"kind": "bar_honours", "until": "next_year"}}),
    ("负面", "扣5分，次年不得参加评先评优", {"effect": {"kind": "bar_honours", "until": "next_year"}}),
    ("负面", "扣5分，取消当年和次年评优资格", {"effect": {"kind": "bar_honours", "until": "next_year_end"}}),
    ("负面", "扣5分，暂停兑换，整改后恢复", {"effect": {"kind": "bar_redemption", "until": "repair"}}),
    ("负面", "扣5分，整改到位前不得参与兑换", {"effect": {"kind": "bar_redemption", "until": "repair"}}),
    ("负面", "扣5分，取消评优资格，整改合格后恢复资格", {"effect": {"kind": "bar_honours", "until": "repair"}}),
    ("负面", "扣5分，退出积分制", {"effect": {"kind": "leave_programme", "at_zero": False}}),
    *(("负面", f"扣5分，{words}", {"effect": AT_ZERO | {"text": words}}) for words in LEFT_AT_ZERO),
    ("负面", "扣5分，降两星", {"effect": {"kind": "downgrade_star", "stars": 2}}),
]
NOT_READ = [
    ("正面", "每献血200ml加5分", "每献血200ml"),
    ("正面", "省级30分，国家级一事一议", "国家级一事一议"),
    ("正面", "每次2分，限5人", "限5人"),
    ("正面", "全村限3户，每户20分", "全村限3户"),
    ("正面", "2分/次，取最高分", "取最高分"),
    ("正面", "县级10分、镇级5分，取最高", "取最高"),
    ("正面", "2分/次，同一事项不重复计分", "不重复计分"),
    ("正面", "2分每次，不累计", "不累计"),
    ("正面", "加10分/届", "/届"),
    ("正面", "加3分，奖励现金100元", "奖励现金100元"),
    ("正面", "首次献血（5分）", "首次献血"),
    ("正面", "优5分、良3分、中1分、差扣2分", "看不出哪几档是加分"),
    ("正面", "参加加5分，不参加3分", "看不出哪几档是加分"),
    ("正面", "按时参加加5分，迟到1分", "看不出哪几档是加分"),
    ("负面", "扣5分，取消次年低保资格", "取消次年低保资格"),
    ("负面", "扣5分，当月加分清零", "当月加分清零"),
    ("负面", "扣5分，上月积分清零", "上月积分清零"),
    ("负面", "扣5分，暂停兑换，恢复时间另定", "暂停兑换"),
    ("正面", "参加比赛加2分，获奖另加5分", "“获奖另加5分”是在原来的分上另给的"),
    ("正面", "县级5分、镇级3分，获奖额外奖励2分", "获奖额外奖励2分"),
    ("正面", "参赛2分；获奖追加5分", "获奖追加5分"),
    ("正面", "每次2分，获奖还可加5分", "获奖还可加5分"),
    ("负面", "扣5分，一票否决", "一票否决"),
    ("负面", "扣5分，整改后恢复", "整改后恢复"),
    ("负面", "扣5分，冻结积分一年", "冻结积分一年"),
    ("负面", "扣30分，取消低保", "取消低保"),
    ("负面", "屡教不改的（扣5分）", "屡教不改"),
    ("正面", "先警告，再犯加5分", "先警告"),
    ("正面", "先警告，再犯5分", "只用于扣分"),
]
PROPOSED = [
    ("扣5分，一票否决", "写明否决什么"),
    ("扣5分，整改后恢复", "另加一条加分条目“整改到位”"),
    ("扣5分，当月加分清零", "选当月、当年或可兑换积分清零"),
    ("扣5分，冻结积分一年", "选暂停加分或暂停兑换"),
    ("扣5分，同一事项不重复", "“同类只计一项”或“不重复计分”"),
    ("扣1分/人，每次最高10分", "填“一次最多报”多少"),
    ("扣1分/人，每次最高不超过5分", "填“一次最多报”多少"),
]
DOUBTED = [
    ("负面", "扣5分，暂停兑换，整改后恢复", "要另有一条"),
    ("正面", "3分/次，需提供照片", "需提供照片"),
    ("正面", "10分+荣誉证书", "荣誉证书"),
    ("正面", "30分钟内到场加1分", "30分钟内到场"),
    ("正面", "按期整改的（2分/次）", "按期整改"),
    ("正面", "第一次2分，第二次3分", "第一次、第二次"),
    ("正面", "一等奖加10分，二等奖5分", "有几档没有写加还是扣"),
    ("负面", "扣5分，黑榜公示", "黑榜公示"),
    ("负面", "先警告，再犯扣5分", "先警告,再犯"),
    ("负面", "扣5分，降一星", "降星没有写多久"),
]
SILENT = [
    ("负面", "扣5分，积分为零的退出积分制"),
    ("正面", "准时参加，不迟到、早退（2分/次）"),
    ("正面", "清洁卫生美化（1分/月）：室内、院落清扫干净。"),
    ("正面", "清扫门前道路2分/次"),
    ("正面", "一等功100分、二等功50分、三等功30分、嘉奖10分"),
    ("负面", "扣30分，取消当年评优资格"),
]


def imported(sign: str, price: str) -> importing.Imported:
    return importing.read((HEAD.format(sign) + f'"{price}"\n').encode(), "清单.csv")


def read(sign: str, price: str) -> RuleSpec:
    found = imported(sign, price)
    assert not found.problems
    return found.rules[0]


def says(made: Any, told: Any) -> bool:
    """Whether JSON ``made`` has all that ``told`` names."""
    if isinstance(told, dict):
        return all(says(made[name], value) for name, value in told.items())
    if isinstance(told, list):
        return len(made) == len(told) and all(says(*pair) for pair in zip(made, told, strict=True))
    return bool(made == told)


@pytest.mark.parametrize(("sign", "price", "told"), READ)
def test_a_limit_a_warning_or_a_consequence_in_the_cell_is_read(sign: str, price: str, told: dict[str, Any]) -> None:
    assert says(read(sign, price).model_dump(mode="json"), told)


@pytest.mark.parametrize(("sign", "price", "words"), NOT_READ)
def test_what_is_not_understood_is_listed_with_its_words(sign: str, price: str, words: str) -> None:
    found = imported(sign, price)
    assert (found.rules, [words in one.why for one in found.problems]) == ((), [True])


@pytest.mark.parametrize(("price", "where"), PROPOSED)
def test_what_is_not_read_is_listed_with_where_it_can_be_said(price: str, where: str) -> None:
    found = imported("负面", price)
    assert not found.rules and where in found.problems[0].why


@pytest.mark.parametrize(("sign", "price", "words"), DOUBTED)
def test_words_that_price_nothing_are_to_be_looked_at(sign: str, price: str, words: str) -> None:
    found = imported(sign, price)
    assert (len(found.rules), [words in one.text for one in found.doubts]) == (1, [True])


@pytest.mark.parametrize(("sign", "price"), SILENT)
def test_a_deed_told_with_its_price_in_brackets_is_no_doubt(sign: str, price: str) -> None:
    found = imported(sign, price)
    assert (len(found.rules), found.problems, found.doubts) == (1, (), ())
