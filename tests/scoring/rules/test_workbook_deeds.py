"""What the deed, the note and the unit beside a price say of it: read, or told with the words."""

import pytest

from scoring.rules import workbook
from scoring.rules.workbook import Imported
from tests.scoring.rules.annexes import sheet


def read(deed: str, price: object, *, note: str = "", unit: str = "", group: str = "环境") -> Imported:
    """One line of a positive list."""
    head = ("大类", "事项", "行为", "奖惩", "备注", "单位")
    return workbook.read(sheet(head, (group, "公益", deed, price, note, unit), title="正面清单"), "清单.xlsx")


@pytest.mark.parametrize(
    ("deed", "note", "cap"),
    [
        ("参加义务劳动，每年最多计5次", "", "每户每年最多5次"),
        ("参加义务劳动（每人每月限2次）", "", "每人每月最多2次"),
        ("参加植树", "每户每年最多10分", "每户每年最多10分"),
    ],
)
def test_a_cap_beside_the_price_is_read_as_if_it_stood_there(deed: str, note: str, cap: str) -> None:
    found = read(deed, "2分/次", note=note)
    assert [limit.text for limit in found.rules[0].limits] == [cap] and not found.doubts


@pytest.mark.parametrize(
    ("deed", "note", "group", "words"),
    [
        ("参加修路", "党员不计分", "环境", "备注里写着“党员不计分”"),
        ("参加修路，党员每月最多4次", "", "环境", "行为里写着“党员每月最多4次”"),
        ("参加修路，同一天只计一次", "", "环境", "行为里写着“同一天只计1次”"),
        ("参加修路", "以户为单位，一年一次", "环境", "备注里写着“以户为单位”“一年一次”"),
        ("首次参加修路的", "", "环境", "行为里写着“首次参加修路的”"),
        ("每棵树加2分", "", "环境", "行为里写着“每棵树加2分”"),
        ("参加修路", "", "环境（每年最高30分）", "大类里写着“每年最高30分”"),
    ],
)
def test_limiting_words_beside_the_price_are_named(deed: str, note: str, group: str, words: str) -> None:
    found = read(deed, 2, note=note, group=group)
    assert [words in one.text for one in found.doubts] == [True]


@pytest.mark.parametrize(
    ("deed", "price", "why"),
    [
        ("参加劳动每次加2分，每年最多10分", 20, "行为里写着“每次加2分”，和分值对不上"),
        ("种树每棵加2分", 2, "行为里写着“每棵加2分”，和分值对不上"),
        ("门前三包到位得10分，每发现一处不洁扣1分", 10, "行为里写着“扣1分”，和分值对不上"),
        ("参加劳动，每年最多10分", "2分/次，每年最多20分", "上限写了两处，20和10，对不上"),
    ],
)
def test_a_deed_that_contradicts_the_price_is_listed(deed: str, price: object, why: str) -> None:
    found = read(deed, price)
    assert (found.rules, [one.why for one in found.problems]) == ((), [why])


@pytest.mark.parametrize(
    ("deed", "price"),
    [
        ("参加劳动每次加2分", 2),
        ("种树每棵加2分", "2分/棵"),
        ("测评得80分以上的", 3),
        ("县级10分/次、镇级5分/次", "县级10分、镇级5分"),
    ],
)
def test_a_deed_that_says_the_same_price_is_no_matter(deed: str, price: object) -> None:
    found = read(deed, price)
    assert (len(found.rules), found.problems, found.doubts) == (1, (), ())


@pytest.mark.parametrize(
    ("price", "unit", "shown"),
    [
        (2, "元", "+2分/元"), (2, "每100元", "+2分/100元"), (2, "户/年", "+2分/年"), (2, "分/次", "+2分/次"),
        (2, "分", "+2分"),
        ("2分/次", "次", "+2分/次"), ("2分，每月最多10分", "次", "+2分/次"), ("县级10分，镇级5分", "次", "+10/5分/次"),
    ],
)  # fmt: skip
def test_the_unit_of_a_column_is_the_unit_of_its_price(price: object, unit: str, shown: str) -> None:
    assert [rule.price_text for rule in read("参加劳动", price, unit=unit).rules] == [shown]


@pytest.mark.parametrize(
    ("price", "unit", "why"),
    [
        ("2分/次", "人", "单位一列写着“人”，和“2分/次”对不上"),
        (2, "学期", "学期"),
        (2, "视情况", "视情况"),
    ],
)
def test_a_unit_that_is_unknown_or_contradicts_the_price_is_listed(price: object, unit: str, why: str) -> None:
    found = read("参加劳动", price, unit=unit)
    assert (found.rules, [why in one.why for one in found.problems]) == ((), [True])


@pytest.mark.parametrize(
    ("deed", "price"),
    [
        ("（1）打扫；（2）植树", "（1）2分/次；（2）3分/棵"), ("①打扫②植树", "①2分/次②3分/棵"),
        ("①打扫 ②植树", "①2分/次，②3分/棵"),
    ],
)  # fmt: skip
def test_numbered_deeds_have_the_prices_of_their_numbers(deed: str, price: str) -> None:
    found = read(deed, price)
    assert [(rule.title, rule.text, rule.price_text) for rule in found.rules] == [
        ("打扫", "打扫", "+2分/次"), ("植树", "植树", "+3分/棵"),
    ]  # fmt: skip


@pytest.mark.parametrize("deed", ["打扫、植树", "（1）打扫；（2）植树；（3）修路", "（1）打扫；（3）植树"])
def test_numbered_prices_without_deeds_of_their_numbers_are_listed(deed: str) -> None:
    found = read(deed, "（1）2分/次；（2）3分/棵")
    assert (found.rules, ["看不出哪条对哪个分值" in one.why for one in found.problems]) == ((), [True])


def test_a_number_that_is_a_date_of_excel_is_listed() -> None:
    [problem] = read("听课", 45660).problems
    assert "日期" in problem.why


@pytest.mark.parametrize(
    ("deed", "price", "shown", "caps"),
    [
        ("志愿服务每满10小时", "2分", "+2分/10小时", []),
        ("党员参加志愿服务，每小时", 1, "+1分/小时", []),
        ("赡养80岁以上老人的，每位老人", "3分", "+3分/位", []),
        ("主动参加义务劳动，每参加一天", "加2分", "+2分/日", ["每户每天最多1次"]),
        ("每提供一条线索", "1分", "+1分/条", []),
        ("发动1人参加加1分", "1分/人", "+1分/人", []),
        ("保持庭院整洁，每户每年", "5分", "+5分/年", ["每户每年最多1次"]),
        ("每季度评选美丽庭院", "季度5分", "+5分/季", ["每户每季度最多1次"]),
        ("清扫道路", "3分/次/户，每年最多计2次", "+3分/次", ["每户每年最多2次"]),
        ("清扫道路", "3分/户·次", "+3分/次", []),
        ("清扫道路", "每户每次3分", "+3分/次", []),
    ],
)
def test_what_a_deed_is_counted_by_is_the_unit_of_a_bare_price(
    deed: str, price: object, shown: str, caps: list[str]
) -> None:
    found = read(deed, price)
    [rule] = found.rules
    assert (rule.price_text, [limit.text for limit in rule.limits], found.doubts) == (shown, caps, ())


def test_only_full_hours_of_a_deed_count_where_it_says_so() -> None:
    [rule] = read("志愿服务每满10小时", "2分").rules
    assert rule.amount.model_dump(include={"whole", "rounding"}) == {"whole": False, "rounding": "down"}


def test_a_column_that_counts_deeds_of_households_counts_deeds() -> None:
    [rule] = read("清扫道路", 3, unit="户/次").rules
    assert rule.price_text == "+3分/次"


@pytest.mark.parametrize(
    ("deed", "price", "words"),
    [
        ("每季度评选美丽庭院", "5分", "每季度评选美丽庭院"),
        ("每月每位老人上门看望", "5分", "每月每位老人上门看望"),
        ("每献血200毫升", "5分", "每献血200毫升"),
        ("每位老人", "3分/次", "每位老人"),
        ("每天打扫庭院", "1-3分", "每天打扫庭院"),
        ("养殖户每多养10头", "1分", "养殖户每多养10头"),
    ],
)
def test_what_a_deed_is_counted_by_and_its_price_is_not_is_named(deed: str, price: str, words: str) -> None:
    found = read(deed, price)
    assert len(found.rules) == 1 and f"行为里写着“{words}”，没有算进分值，请核对" in [one.text for one in found.doubts]


@pytest.mark.parametrize("deed", ["每次参加村民会议", "孝老爱亲，每年重阳节慰问老人", "每月5日参加主题党日"])
def test_a_deed_that_says_when_it_is_done_needs_no_look_where_the_price_has_its_unit(deed: str) -> None:
    assert not read(deed, "2分/次").doubts


@pytest.mark.parametrize(
    ("deed", "price"),
    [
        ("每户基础分100分", "100"), ("每户基础分", "100分"), ("建档户基础积分60分/户", "60分"), ("基础", "基础分100分"),
        ("每户年初赋予基础分", "加100分"), ("初始积分", "100分"),
    ],
)  # fmt: skip
def test_points_that_every_household_starts_with_are_no_deed(deed: str, price: str) -> None:
    found = read(deed, price, note="每年初赋予")
    assert (found.rules, ["“整本细则”的“基础分”" in one.why for one in found.problems]) == ((), [True])


def test_a_deed_in_a_class_called_base_points_is_to_be_looked_at() -> None:
    [doubt] = read("遵纪守法、无违法行为", "20分", group="基础积分").doubts
    assert doubt.text == "大类写着“基础积分”：是做到了才得的分，还是每户都有的基础分，请核对"


@pytest.mark.parametrize("deed", ["维护基础设施", "恢复扣减的基础分"])
def test_a_deed_that_only_sounds_like_base_points_is_one(deed: str) -> None:
    assert len(read(deed, "2分/次").rules) == 1


def test_a_word_of_time_in_a_price_is_told_though_the_deed_has_it_too() -> None:
    [doubt] = read("全年无违法行为", "全年5分").doubts
    assert "“全年”没有算进分值" in doubt.text


@pytest.mark.parametrize(
    ("often", "cap"),
    [
        ("每月4次", "每户每月最多4次"), ("每月1次", "每户每月最多1次"), ("每季度一次", "每户每季度最多1次"),
        ("一年一次", "每户每年最多1次"), ("每半年两次", "每户每半年最多2次"), ("每年最多10分", "每户每年最多10分"),
    ],
)  # fmt: skip
def test_how_often_in_the_column_of_the_unit_is_a_cap(often: str, cap: str) -> None:
    [rule] = read("扫雪", "2分", unit=often).rules
    assert (rule.price_text, [limit.text for limit in rule.limits]) == ("+2分", [cap])


def test_once_in_the_column_of_the_unit_counts_once() -> None:
    [rule] = read("考上大学", "20分", unit="一次性").rules
    assert (rule.price_text, rule.once) == ("+20分", True)
