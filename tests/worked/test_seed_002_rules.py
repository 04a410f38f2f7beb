"""树人镇（seed 002）：附件4、附件5 每一条、每一个分值，照原文一行一行核对。"""

from datetime import date
from decimal import Decimal

import pytest

from scoring.rules import engine, library
from scoring.rules.engine import Facts

SCHEME = library.load("seed_002")
A_DAY = date(2025, 3, 5)

# 条目，做了什么，得（扣）多少分，清单上怎么写
POSITIVE = [
    ("ll-01", "积极参加集体学习，不迟到、早退", 2, "+2分/次"),
    ("ll-02", "集体学习积极讨论发言，分享学习体会", 2, "+2分/次"),
    ("ll-03", "准时参加文体比赛，不迟到、早退", 2, "+2分/次"),
    ("pa-01", "制止正在发生的违法犯罪行为", 8, "+8分/次"),
    ("pa-02", "举报违法犯罪行为并经调查属实", 2, "+2分/次"),
    ("pa-03", "不违纪违法", 5, "+5分"),
    ("dd-01", "弘扬孝老敬老传统，事迹特别突出家庭", 2, "+2分/次"),
    ("dd-02", "帮助孤寡老人洗衣、做饭、购物", 2, "+2分/次"),
    ("dd-03", "帮助指导学生儿童", 2, "+2分/次"),
    ("ml-01", "垃圾分类进入村级评议红榜", 2, "+2分/次"),
    ("ml-03", "参与村委会组织的公益活动", 2, "+2分/次"),
    ("ml-04", "清洁卫生美化、洁化", 1, "+1分/月"),
    ("ml-05", "清洁卫生序化", 1, "+1分/月"),
    ("ml-06", "完成无害化卫生厕所改造并管护良好", 2, "+2分/月"),
    ("ml-07", "各类垃圾倾倒在指定地点", 1, "+1分/月"),
    ("ml-08", "鸡鸭圈养，狗拴链", 1, "+1分/月"),
]
NEGATIVE = [
    ("ll-f01", "集体学习迟到、早退", -4, "−4分"),
    ("ll-f02", "不积极参与比赛", -2, "−2分"),
    ("pa-f01", "破坏邻里和睦、寻衅滋事、以暴制暴", -2, "−2分"),
    ("pa-f02", "搞宗派活动、家庭宗族主义", -5, "−5分"),
    ("pa-f03", "拒绝履行孝老爱亲义务，薄养厚葬", -10, "−10分"),
    ("pa-f04", "婚丧嫁娶大操大办，乱办酒席", -5, "−5分"),
    ("pa-f05", "修建活人墓、豪华墓", -5, "−5分"),
    ("pa-f06", "酒驾醉驾、黄赌毒", -5, "−5分"),
    ("pa-f07", "参加邪教、传销、电信诈骗等", -5, "−5分"),
    ("pa-f08", "非法上访或者参与重大群体性上访", -2, "−2分"),
    ("ml-f01", "鸡鸭等畜禽散养、柴草乱堆乱放", -2, "−2分/次"),
    ("ml-f02", "乱搭乱建出现“两违”", -5, "−5分/次"),
    ("ml-f03", "破坏生态、污染环境", -2, "−2分/次"),
    ("ml-f04", "公共场所乱丢垃圾、占用公共区域", -2, "−2分/次"),
    ("ml-f05", "家庭垃圾分类不清", -1, "−1分/次"),
]


@pytest.mark.parametrize(("code", "deed", "points", "listed"), POSITIVE + NEGATIVE, ids=str)
def test_each_item_of_the_lists_gives_or_takes_what_the_document_says(
    code: str, deed: str, points: int, listed: str
) -> None:
    rule = SCHEME.rulebook.rule(code)
    award = engine.price(rule, Facts(date=A_DAY))
    assert award.points == award.redeemable == points
    assert rule.price_text == listed
    assert award.undecided is None
    assert rule.figures == "seed", deed


@pytest.mark.parametrize(("level", "points"), [("county", 10), ("town", 5), ("village", 1)])
def test_a_beautiful_courtyard_counts_by_the_level_that_awarded_it(level: str, points: int) -> None:
    rule = SCHEME.rulebook.rule("ml-02")
    assert engine.price(rule, Facts(date=A_DAY, tier=level)).points == points
    assert rule.price_text == "+10/5/1分/次"


def test_picking_up_litter_counts_one_point_for_each_half_day() -> None:
    award = engine.price(SCHEME.rulebook.rule("ml-09"), Facts(date=A_DAY, quantity=3))
    assert award.points == Decimal(3)
    assert award.explanation == "规则ML-09：主动捡拾垃圾1分/半天 × 3半天 = 3分"


def test_the_two_lists_hold_eighteen_and_fifteen_items_and_nothing_else() -> None:
    codes = [code for code, *_ in POSITIVE + NEGATIVE] + ["ml-02", "ml-09"]
    assert sorted(codes) == sorted(rule.code for rule in SCHEME.rulebook.rules)
    signs = [rule.sign for rule in SCHEME.rulebook.rules]
    assert (signs.count("positive"), signs.count("negative")) == (18, 15)


def test_a_clean_house_counts_once_a_month_for_a_household() -> None:
    limit = SCHEME.rulebook.rule("ml-04").effective_limits[0]
    assert (limit.kind, limit.period, limit.scope) == ("count", "month", "household")
    assert limit.value == 1


def test_only_a_report_of_a_crime_hides_its_reason() -> None:
    assert [rule.code for rule in SCHEME.rulebook.rules if rule.sensitive] == ["pa-02"]


def test_five_classes_with_one_left_to_the_village() -> None:
    names = [category.name for category in SCHEME.rulebook.categories]
    assert names == ["理论学习", "平安建设", "道德建设", "美丽建设", "其他"]


def test_the_town_has_nine_villages_one_steward_each_and_two_supervisors() -> None:
    town = SCHEME.policy.organisation
    assert (town.villages, town.stewards_per_village, town.supervisors) == (9, 1, 2)
    assert (town.town_office, town.committee.name) == ("镇新时代文明实践所", "积分审核工作组")
    assert town.supervisors_duty == ("积分认定", "物品兑换", "先进选树")
    assert len(town.station) == 6  # 六有


def test_an_outsider_joins_after_six_months_with_the_two_committees_consent() -> None:
    who = SCHEME.policy.eligibility
    assert (who.kind, who.outsiders_months, who.outsiders) == ("permanent_residents", 6, "village_committees")


def test_the_first_three_are_red_and_the_last_one_is_black_by_net_points() -> None:
    lists = SCHEME.policy.lists
    assert lists.red and lists.black
    assert (lists.red.size, lists.red.measure, lists.red.order) == (3, "net", "highest")
    assert (lists.black.size, lists.black.measure, lists.black.order) == (1, "net", "lowest")


def test_the_quarter_is_reported_by_the_twentieth_of_its_last_month() -> None:
    report = next(report for report in SCHEME.policy.reports if report.code == "quarterly")
    assert (report.every, report.day, report.to) == ("quarter", 20, "镇新时代文明实践所")


def test_points_are_exchanged_once_a_quarter_above_a_threshold_the_document_leaves_open() -> None:
    redemption = SCHEME.policy.redemption
    assert redemption.windows[0].kind == "quarterly"
    assert redemption.threshold is not None
    assert redemption.is_example("threshold")


def test_deeds_are_told_by_mouth_phone_message_or_chat_and_announced_on_party_day() -> None:
    policy = SCHEME.policy
    assert {"oral", "phone", "sms", "qq", "wechat"} <= set(policy.recording.channels)
    assert policy.recording.must_state == ("时间", "地点", "事由")
    assert (policy.review.announced_on, policy.review.filed_with) == ("支部主题党日", "镇新时代文明实践所")
    assert policy.notice.town_notice


def test_the_annexes_keep_their_columns() -> None:
    papers = SCHEME.policy.documents
    assert papers.registration_card and papers.roster and papers.application
    assert papers.registration_card.columns == ("序号", "积分类别", "加分内容", "扣分")
    assert papers.registration_card.fields == ("户主姓名", "总积分")
    assert papers.roster.columns == ("序号", "组别", "户主姓名", "居住地址", "联系电话", "备注")
    assert "我户自愿参加积分制活动" in (papers.application.body or "")


def test_issued_in_august_2022_for_the_whole_town_by_the_end_of_the_year() -> None:
    assert SCHEME.issued == date(2022, 8, 21)
    assert SCHEME.policy.background.milestones[0].end == date(2022, 12, 31)
    assert len(SCHEME.policy.funds.sources) == 4
