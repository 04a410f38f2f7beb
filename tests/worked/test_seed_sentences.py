"""四份文件的每一条：做了什么、得（扣）多少分、说明里怎么写；有上限的，再看上限。

The scores of 000 and 001 are examples (the documents give none); those of 002 and of 003 are the documents' own.
"""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from scoring.rules import engine, library
from scoring.rules.candidates import Candidate
from scoring.rules.engine import Facts
from scoring.rules.sequence import sequence

A_DAY = date(2025, 8, 5)
Row = tuple[str, dict[str, Any], str, str]

SEED_000: list[Row] = [
    ("ws-01", {"tier": "excellent"}, "3", "家庭卫生检查达标（优），+3分/月"),
    ("ws-01", {"tier": "good"}, "2", "家庭卫生检查达标（良），+2分/月"),
    ("ws-01", {"tier": "pass"}, "1", "家庭卫生检查达标（达标），+1分/月"),
    ("ws-f01", {}, "-2", "家庭卫生检查不达标，−2分/月"),
    ("zy-01", {"quantity": 4}, "8", "参加志愿者活动2分/半天 × 4半天 = 8分"),
    ("zy-02", {}, "2", "参加文艺体育活动，+2分/次"),
    ("qz-01", {}, "2", "参加技能培训，+2分/次"),
    ("qz-02", {"quantity": 4}, "8", "带动邻里就业增收2分/户 × 4户 = 8分"),
    ("za-01", {}, "3", "照料老人，+3分/次"),
    ("za-02", {}, "2", "看护留守儿童，+2分/次"),
    ("za-f01", {}, "-10", "不赡养老人，−10分/次"),
    ("lh-01", {}, "2", "帮助邻里，+2分/次"),
    ("lh-f01", {"tier": "minor"}, "-3", "寻衅滋事、打架斗殴（情节较轻），−3分/次"),
    ("lh-f01", {"tier": "serious"}, "-8", "寻衅滋事、打架斗殴（情节较重），−8分/次"),
    ("qj-01", {"points": "5"}, "5", "简办红白事，在5至10分内评定，+5分"),
    ("qj-01", {"points": "10"}, "10", "简办红白事，在5至10分内评定，+10分"),
    ("qj-f01", {}, "-10", "铺张浪费、大操大办，−10分/次"),
    ("np-01", {}, "2", "参加男女平等宣传和家庭建设活动，+2分/次"),
    ("wh-01", {}, "5", "传承优秀文化，+5分/次"),
    ("gg-01", {}, "2", "参加村民会议、议事，+2分/次"),
    ("gg-02", {"quantity": 4}, "8", "参加公共义务劳动2分/半天 × 4半天 = 8分"),
    ("gg-f01", {}, "-5", "损坏公共设施，−5分/次"),
]
SEED_001: list[Row] = [
    ("hj-01", {}, "2", "垃圾分类合格，2025年8月，+2分/月"),
    ("hj-f01", {}, "-2", "垃圾混投、乱扔，−2分/次"),
    ("hj-02", {"tier": "five"}, "30", "评上美丽庭院星级户（五星级），+30分/年"),
    ("hj-02", {"tier": "four"}, "20", "评上美丽庭院星级户（四星级），+20分/年"),
    ("hj-02", {"tier": "three"}, "10", "评上美丽庭院星级户（三星级），+10分/年"),
    ("hj-03", {}, "2", "房前屋后整洁有序，2025年8月，+2分/月"),
    ("hj-04", {"quantity": 4}, "4", "种植绿化1分/棵 × 4棵 = 4分"),
    ("hj-05", {}, "5", "配合农村物业化管理，+5分/季"),
    ("wm-01", {}, "10", "节俭办红白事，+10分/次"),
    ("wm-02", {"points": "2"}, "2", "孝老爱亲，在2至10分内评定，+2分"),
    ("wm-02", {"points": "10"}, "10", "孝老爱亲，在2至10分内评定，+10分"),
    ("wm-03", {}, "5", "好人好事，+5分/次"),
    ("wm-04", {"tier": "city"}, "30", "获得表彰（市级及以上），+30分/次"),
    ("wm-04", {"tier": "district"}, "20", "获得表彰（区级），+20分/次"),
    ("wm-04", {"tier": "town"}, "10", "获得表彰（镇级），+10分/次"),
    ("wm-04", {"tier": "village"}, "5", "获得表彰（村级），+5分/次"),
    ("zf-01", {}, "2", "参加法治学习，+2分/次"),
    ("zf-02", {}, "3", "文明养犬，+3分/季"),
    ("zf-f01", {}, "-3", "不文明养犬，−3分/次"),
    ("zf-03", {}, "5", "规范出租自建房，+5分/季"),
    ("zf-f02", {}, "-5", "违规出租自建房，−5分/次"),
    ("rr-01", {"tier": "honour"}, "20", "优军优学（部队立功受奖），+20分/次"),
    ("rr-01", {"tier": "enlist"}, "15", "优军优学（应征入伍），+15分/次"),
    ("rr-01", {"tier": "college"}, "10", "优军优学（考上大学），+10分/次"),
    ("rr-02", {"quantity": 4}, "8", "参加志愿活动2分/半天 × 4半天 = 8分"),
    ("rr-03", {}, "2", "参与村级事务，+2分/次"),
    ("rr-04", {}, "5", "提出建议被采纳，+5分/次"),
    ("dx-f01", {}, "-30", "违法违规，−30分/次"),
    ("dx-f02", {}, "-20", "新增“两违”，−20分/次"),
    ("dx-f03", {}, "-5", "电动自行车违规停放充电，−5分/次"),
]
SEED_002: list[Row] = [
    ("ll-01", {}, "2", "参加集体学习，+2分/次"),
    ("ll-02", {}, "2", "学习讨论发言，+2分/次"),
    ("ll-03", {}, "2", "参加文体活动，+2分/次"),
    ("pa-01", {}, "8", "制止违法犯罪行为，+8分/次"),
    ("pa-02", {}, "2", "举报违法犯罪行为，+2分/次"),
    ("pa-03", {}, "5", "不违纪违法，+5分"),
    ("dd-01", {}, "2", "弘扬孝老敬老传统，+2分/次"),
    ("dd-02", {}, "2", "关爱孤寡老人，+2分/次"),
    ("dd-03", {}, "2", "关爱学生儿童，+2分/次"),
    ("ml-01", {}, "2", "垃圾分类进入村级红榜，+2分/次"),
    ("ml-02", {"tier": "county"}, "10", "评上美丽庭院（县级），+10分/次"),
    ("ml-02", {"tier": "town"}, "5", "评上美丽庭院（镇级），+5分/次"),
    ("ml-02", {"tier": "village"}, "1", "评上美丽庭院（村级），+1分/次"),
    ("ml-03", {}, "2", "参与公益活动，+2分/次"),
    ("ml-04", {}, "1", "清洁卫生美化、洁化，2025年8月，+1分/月"),
    ("ml-05", {}, "1", "清洁卫生序化，2025年8月，+1分/月"),
    ("ml-06", {}, "2", "无害化卫生厕所，2025年8月，+2分/月"),
    ("ml-07", {}, "1", "垃圾倾倒在指定地点，2025年8月，+1分/月"),
    ("ml-08", {}, "1", "鸡鸭圈养，狗拴链，2025年8月，+1分/月"),
    ("ml-09", {"quantity": 4}, "4", "主动捡拾垃圾1分/半天 × 4半天 = 4分"),
    ("ll-f01", {}, "-4", "集体学习迟到、早退，−4分"),
    ("ll-f02", {}, "-2", "不积极参与比赛，−2分"),
    ("pa-f01", {}, "-2", "破坏邻里和睦、寻衅滋事，−2分"),
    ("pa-f02", {}, "-5", "搞宗派活动、家族主义，−5分"),
    ("pa-f03", {}, "-10", "不孝、薄养厚葬，−10分"),
    ("pa-f04", {}, "-5", "婚丧嫁娶大操大办，−5分"),
    ("pa-f05", {}, "-5", "修建活人墓、豪华墓，−5分"),
    ("pa-f06", {}, "-5", "酒驾醉驾、黄赌毒等违法行为，−5分"),
    ("pa-f07", {}, "-5", "参加邪教、传销、电信诈骗等，−5分"),
    ("pa-f08", {}, "-2", "非法上访，−2分"),
    ("ml-f01", {}, "-2", "畜禽散养、柴草乱堆，−2分/次"),
    ("ml-f02", {}, "-5", "乱搭乱建出现“两违”，−5分/次"),
    ("ml-f03", {}, "-2", "破坏生态、污染环境，−2分/次"),
    ("ml-f04", {}, "-2", "乱丢垃圾、占用公共区域，−2分/次"),
    ("ml-f05", {}, "-1", "垃圾分类不清，−1分/次"),
]
SEED_003: list[Row] = [
    ("hj-01", {}, "1", "每日清扫自家院落，+1分/日"),
    ("hj-02", {}, "3", "清理公共路段垃圾，+3分"),
    ("hj-03", {}, "2", "落实门前三包，2025年8月，+2分/月"),
    ("hj-04", {}, "2", "做好垃圾分类，2025年8月，+2分/月"),
    ("hj-05", {}, "2", "参与公共区域清扫，+2分/次"),
    ("gl-01", {}, "2", "子女视频问候父母，2025年8月，+2分/月"),
    ("gl-02", {}, "5", "结对帮扶独居老人，+5分/次"),
    ("mt-01", {}, "5", "参与邻里纠纷调解，+5分/次"),
    ("mt-02", {"inputs": {"agreement_signed": "是"}}, "10", "化解矛盾并签订和解协议，+10分/次"),
    ("yf-01", {"inputs": {"occasion": "红事", "bride_price": 80000, "tables": 15}}, "20", "简办红白事，+20分"),
    ("yf-f01", {}, "-15", "大操大办，−15分"),
    ("st-01", {"quantity": 4}, "12", "植树造林3分/棵 × 4棵 = 12分"),
    ("st-f01", {}, "-10", "违规焚烧秸秆，−10分"),
    ("cy-01", {"quantity": "2.5"}, "12.5", "发展庭院经济5分/亩 × 2.5亩 = 12.5分"),
    ("cy-02", {"inputs": {"households_helped": 3}}, "20", "带动村民增收，+20分"),
]

BOOKS = {"seed_000": SEED_000, "seed_001": SEED_001, "seed_002": SEED_002, "seed_003": SEED_003}
ALL = [(scheme, *row) for scheme, rows in BOOKS.items() for row in rows]


@pytest.mark.parametrize(("scheme", "code", "facts", "points", "sentence"), ALL, ids=lambda value: str(value)[:12])
def test_each_figure_is_given_and_explained(
    scheme: str, code: str, facts: dict[str, Any], points: str, sentence: str
) -> None:
    rule = library.load(scheme).rulebook.rule(code)
    award = engine.price(rule, Facts(date=A_DAY, **_who(rule.subject), **facts))
    assert award.points == award.redeemable == Decimal(points)
    assert award.explanation == f"规则{code.upper()}：{sentence}"
    assert sum(share.points for share in award.shares) == award.points


def _who(subject: str) -> dict[str, Any]:
    return {"subject": "resident"} if subject == "resident" else {}


@pytest.mark.parametrize("scheme", BOOKS)
def test_no_item_and_no_tier_of_a_document_is_left_out(scheme: str) -> None:
    told = {(code, facts.get("tier")) for code, facts, _, _ in BOOKS[scheme]}
    for rule in library.load(scheme).rulebook.rules:
        tiers = [tier.code for tier in rule.amount.tiers] if rule.amount.kind == "tiers" else [None]
        assert told >= {(rule.code, tier) for tier in tiers}


# 样张，条目，每次多少，隔几天，几次，各得多少分，最后一次的说明
CAPPED: list[tuple[str, str, dict[str, Any], int, list[str], str]] = [
    ("seed_000", "ws-f01", {}, 7, ["-2", "0"], "，本月限计1次，已计1次，不再计分"),
    ("seed_000", "zy-02", {}, 1, ["2", "2", "2", "2", "0"], "，本月限计4次，已计4次，不再计分"),
    ("seed_000", "qz-02", {"quantity": 8}, 30, ["16", "4"], "，本年上限20分，已得16分，计4分"),
    ("seed_000", "za-01", {}, 1, ["3", "3", "3", "3", "0"], "，本月上限12分，已得12分，计0分"),
    ("seed_000", "za-02", {}, 26, ["2", "2"], ""),
    ("seed_000", "wh-01", {}, 10, ["5", "5", "5", "5", "0"], "，本季度上限20分，已得20分，计0分"),
    ("seed_000", "gg-02", {"quantity": 3}, 2, ["6", "6", "4"], "，本月上限16分，已得12分，计4分"),
    ("seed_001", "hj-f01", {}, 3, ["-2", "-2", "-2", "0"], "，本月扣分上限6分，已扣满"),
    ("seed_001", "hj-02", {"tier": "four"}, 100, ["20", "0", "20"], ""),
    ("seed_001", "hj-04", {"quantity": 15}, 30, ["15", "5"], "，本年上限20分，已得15分，计5分"),
    ("seed_001", "zf-02", {}, 31, ["3", "0", "3"], ""),
    ("seed_002", "pa-03", {}, 60, ["5", "0", "0", "5"], ""),
    ("seed_002", "ml-06", {}, 26, ["2", "0", "2"], ""),
    ("seed_003", "hj-01", {}, 1, ["1", "1", "1"], ""),
    ("seed_003", "gl-01", {}, 20, ["2", "0", "2"], ""),
]


@pytest.mark.parametrize(
    ("scheme", "code", "facts", "days", "points", "told"), CAPPED, ids=lambda value: str(value)[:9]
)
def test_the_caps_of_the_documents_hold(
    scheme: str, code: str, facts: dict[str, Any], days: int, points: list[str], told: str
) -> None:
    book = library.load(scheme).rulebook
    rule, deeds = book.rule(code), []
    for time in range(len(points)):
        fact = Facts(date=A_DAY + timedelta(days * time), **_who(rule.subject), **facts)
        award = engine.price(rule, fact)
        deeds.append(
            Candidate(
                key=str(time), rule=rule, date=fact.date, award=award, household="张家", village="一村", book=book
            )
        )
    results = sequence(deeds)
    assert [result.award.points for result in results] == [Decimal(each) for each in points]
    assert results[-1].award.explanation == deeds[-1].award.explanation + told
