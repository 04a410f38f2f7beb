"""What people write about a price, and what it is read as."""

from typing import Any

import pytest

from scoring.rules.spec import RuleSpec
from scoring.rules.workbook import amounts, caps
from tests.scoring.rules.build import rule

READ = [
    ("2分/次", "+2分/次", ""),
    ("扣4分", "−4分", ""),
    ("1分/半天", "+1分/半天", ""),
    ("1分/月", "+1分/月", ""),
    ("县级10分、镇级5分、村级1分", "+10/5/1分", ""),
    ("评上县级的（10分/次），评上镇级的（5分/次）", "+10/5分/次", ""),
    ("一般扣2分，较重扣5分，严重扣10分/次", "−2/5/10分/次", ""),
    ("特等奖10分，一等奖8分", "+10/8分", ""),
    ("每次加2分，每月不超过10分", "+2分/次", "每户每月最多10分"),
    ("2分/次，每人每年限3次", "+2分/次", "每人每年最多3次"),
    ("2分/次，年度封顶20分", "+2分/次", "每户每年最多20分"),
    ("5-10分", "+5至10分", ""),
    ("一般1-3分，较重4-6分，严重7-10分", "+1至3/4至6/7至10分", ""),
    ("一般扣1至3分、较重扣4至6分、严重扣7至10分/次", "−1至3/4至6/7至10分/次", ""),
    ("省级10—20分，市级5～9分，镇级2分", "+10至20/5至9/2分", ""),
    ("情节一般的扣0.5-1.5分，情节严重的扣2-5分", "−0.5至1.5/2至5分", ""),
    ("县级5-10分、镇级3-5分", "+5至10/3至5分", ""),
    ("酌情加5～10分", "+5至10分", ""),
    ("一次性加20分", "+20分", "一次"),
    ("每亩3分,最多30分", "+3分/亩", "每户每年最多30分"),
    ("２分／次", "+2分/次", ""),
    ("－15分", "−15分", ""),
    ("加三分", "+3分", ""),
    ("奖励五分", "+5分", ""),
    ("奖励十分", "+10分", ""),
    ("二十分/次", "+20分/次", ""),
    ("扣十五分", "−15分", ""),
    ("10积分/次", "+10分/次", ""),
    ("每次五积分", "+5分/次", ""),
    ("加5个积分", "+5分", ""),
    ("表现得十分积极，加2分", "+2分", ""),
    ("每参加一次加两分", "+2分/次", ""),
    ("每100元1分", "+1分/100元", ""),
    ("每满20小时2分", "+2分/20小时", ""),
    ("每人每次2分", "+2分/人次", ""),
    ("2分/人/次", "+2分/人次", ""),
    ("1分/天", "+1分/日", "每户每天最多1次"),
    ("5分/季度", "+5分/季", "每户每季度最多1次"),
    ("30分钟内到场加1分", "+1分", ""),
    ("居住6个月以上的2分/次", "+2分/次", ""),
    ("扣30分，取消当年评优资格", "−30分", "取消当年评优资格"),
    ("0.5分/次", "+0.5分/次", ""),
]
UNREAD = [
    ("", "没有写几分"),
    ("十分积极", "没有写几分"),
    ("奖励一百分", "“一百分”没看懂，请用数字写"),
    ("一票否决", "没有写几分：写明否决什么"),
    ("村级自定", "没有写几分"),
    ("酌情加分", "没有说清"),
    ("酌情加5分", "没有说清"),
    ("2分以上", "没有说清"),
    ("至少2分", "没有说清"),
    ("满分100分", "没有说清"),
    ("每多1户加2分", "没有说清"),
    ("按比例折算，最高10分", "没有说清"),
    ("参加加2分，不参加扣2分", "又加分又扣分"),
    ("2分/次、3分/次", "看不出各是哪一档"),
    ("2-5分、6-8分", "看不出各是哪一档"),
    ("一般1-3分/亩，严重4-6分/亩", "只能按次"),
    ("一般3-1分，严重4-6分", "从小到大"),
    ("一般加1-3分，严重扣4-6分", "又加分又扣分"),
    ("一般0.3-1分，严重4-6分", "每一档相差几分"),
    ("一般1-3分，视情节严重的酌情加重", "没有说清|没看懂"),
    ("一般1-3分、一般4-6分", "看不出各是哪一档"),
    ("县级10分/次，镇级5分/人", "单位不一样"),
    ("最高10分", "只写了上限"),
    ("每人每天2分", "每人"),
    ("2分/次，第3次起翻倍", "没有说清"),
    ("10-5分", "从小到大"),
    ("2分/次，占总分10%", "10%"),
    ("5-10分/亩", "只能按次"),
]


def read(text: str) -> tuple[RuleSpec, amounts.Price]:
    price = amounts.read(amounts.plain_text(text))
    told: dict[str, Any] = {"effect": price.effects[0]} if price.effects else {}
    sign = price.sign or "positive"
    return rule(sign=sign, amount=price.amount, limits=price.limits, once=price.once, **told), price


@pytest.mark.parametrize(("text", "shown", "also"), READ)
def test_a_price_is_read_as_people_mean_it(text: str, shown: str, also: str) -> None:
    made, _ = read(text)
    told = [limit.text for limit in made.limits] + [one.text for one in made.consequences] + ["一次"] * made.once
    assert (made.price_text, "、".join(told)) == (shown, also)


@pytest.mark.parametrize(("text", "why"), UNREAD)
def test_what_is_not_clear_is_never_guessed(text: str, why: str) -> None:
    with pytest.raises(amounts.Unread, match=why):
        read(text)


@pytest.mark.parametrize("text", ["每亩3分,最多30分", "每100元1分", "0.5-2分"])
def test_what_custom_fills_in_is_told(text: str) -> None:
    _, price = read(text)
    assert len(price.doubts) == 1


def test_a_cap_without_a_period_is_marked_as_no_figure_of_the_document() -> None:
    made, _ = read("每亩3分,最多30分")
    assert made.limits[0].figures == "example"


def test_numbered_clauses_with_prices_of_their_own_are_parted() -> None:
    text = amounts.plain_text("（1）迟到（扣4分）\n（2）缺席（扣2分）；③闹事（扣10分）")
    assert amounts.clauses(text) == ["迟到(扣4分)", "缺席(扣2分)", "闹事(扣10分)"]


def test_numbers_in_a_sentence_do_not_part_it() -> None:
    text = amounts.plain_text("1.按时到场 2.不早退（2分/次）")
    assert amounts.clauses(text) == [text]


def test_a_cell_with_more_than_caps_is_no_cap() -> None:
    assert caps.read("每户每月最多10分、每年最多2次") is not None
    assert caps.read("每月最多10分，视情况而定") is None
