"""Column names as published lists have them: two of one meaning, none for the class, a column of caps."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from scoring.rules import workbook
from scoring.rules.workbook import Imported, SheetNotAsked, WorkbookColumnsCompete, answered, asked, kept, problem_of
from tests.scoring.rules.annexes import sheet

NO_CLASS = "这张表没有“大类”一列，{}，请核对（可以在修订稿里改）"


def read(head: Sequence[str], *rows: Sequence[object], title: str = "正面清单") -> Imported:
    return workbook.read(sheet(["某村积分制评分细则"], head, *rows, title=title), "细则.xlsx")


@pytest.mark.parametrize(
    "head",
    [
        ("序号", "类别", "评分内容", "分值", "评分标准"),
        ("序号", "类别", "积分内容", "分值", "积分标准"),
        ("序号", "类别", "考核内容", "分值", "考核标准"),
        ("序号", "类别", "指标内容", "积分值", "评分办法"),
        ("序号", "积分类别", "具体内容", "积分分值", "计分标准"),
    ],
)
def test_how_a_deed_is_scored_is_joined_to_the_deed(head: Sequence[str]) -> None:
    found = read(head, (1, "乡村振兴", "参加技术培训", "2分/次", "参加一次加2分"))
    [rule] = found.rules
    assert (rule.category, rule.title, rule.text, rule.price_text) == (
        "乡村振兴", "参加技术培训", "参加技术培训：参加一次加2分", "+2分/次",
    )  # fmt: skip
    assert not found.problems and not found.doubts


@pytest.mark.parametrize("words", ["获评村级5分、镇级10分", "优10分、良6分", "检查合格加3分"])
def test_how_a_deed_is_scored_must_not_contradict_its_price(words: str) -> None:
    found = read(("类别", "评分内容", "分值", "评分标准"), ("乡风", "孝老爱亲", "5分", words))
    assert (found.rules, ["和分值对不上" in one.why for one in found.problems]) == ((), [True])


def test_ways_of_scoring_one_deed_are_called_by_what_each_says() -> None:
    head = ("类别", "评分内容", "分值", "评分标准")
    found = read(
        head, ("乡风", "孝老爱亲", "5分", "照顾病人"), ("", "", "3分", "看望老人"), ("", "植树", "2分", "成活")
    )
    assert [(rule.title, rule.text) for rule in found.rules] == [
        ("照顾病人", "孝老爱亲：照顾病人"), ("看望老人", "孝老爱亲：看望老人"), ("植树", "植树：成活"),
    ]  # fmt: skip


def test_two_columns_of_notes_are_one_note() -> None:
    found = read(("类别", "内容", "分值", "说明", "备注"), ("乡风", "扫雪", "2分", "以村核实为准", "限前50名"))
    assert found.rules[0].note == "以村核实为准；限前50名"
    assert ["“限前50名”" in one.text for one in found.doubts] == [True]


def test_a_column_of_an_unknown_name_is_kept_in_the_note_and_asked_about() -> None:
    head = ("序号", "类别", "内容", "分值", "责任单位", "适用范围")
    found = read(head, (1, "乡风", "扫雪", "2分", "妇联", "限前50名"))
    assert found.rules[0].note == "责任单位：妇联；适用范围：限前50名"
    assert ["“适用范围:限前50名”" in one.text for one in found.doubts] == [True]


@pytest.mark.parametrize(
    ("head", "row", "told"),
    [
        (("类别", "积分标准", "分值"), ("乡风", "扫雪", "2分"), ("乡风", "扫雪", "+2分")),
        (("类别", "积分内容", "评分标准"), ("乡风", "扫雪", "2分/次"), ("乡风", "扫雪", "+2分/次")),
        (("项目标准", "内容", "分值"), ("乡风", "扫雪", "2分"), ("乡风", "扫雪", "+2分")),
        (("项目", "标准", "内容", "分值"), ("乡风", "扫干净", "扫雪", "2分"), ("乡风", "扫干净：扫雪", "+2分")),
        (("类别", "考核内容", "分值", "得分"), ("乡风", "扫雪", "2分", ""), ("乡风", "扫雪", "+2分")),
        (
            ("类别", "考核内容", "分值", "考核标准", "得分"),
            ("乡风", "扫雪", 2, "及时", ""),
            ("乡风", "扫雪：及时", "+2分"),
        ),
    ],
)
def test_the_commonest_heads_are_read(head: Sequence[str], row: Sequence[object], told: tuple[str, ...]) -> None:
    found = read(head, row)
    assert [(rule.category, rule.text, rule.price_text) for rule in found.rules] == [told]


@pytest.mark.parametrize(
    ("head", "columns"),
    [
        (("类别", "内容", "分值", "积分"), "“分值”和“积分”"),
        (("类别", "内容", "分值", "上限", "封顶"), "“上限”和“封顶”"),
        (("类别", "内容", "积分标准", "计分标准"), "“积分标准”和“计分标准”"),
    ],
)
def test_two_columns_of_which_one_is_meant_are_asked_about(head: Sequence[str], columns: str) -> None:
    with pytest.raises(WorkbookColumnsCompete) as refused:
        read(head, ("乡风", "扫雪", "2分", "3分", "4分"))
    assert refused.value.message.startswith(f"“正面清单”第2行的列名里，{columns}意思一样，不知道读哪一列：请只留一列")


def test_two_lists_side_by_side_are_still_two() -> None:
    head = ("正面行为", "分值", "负面行为", "分值")
    found = read(head, ("扫雪", "加2分", "乱倒垃圾", "扣1分"), title="细则")
    assert [(rule.text, rule.price_text) for rule in found.rules] == [("扫雪", "+2分"), ("乱倒垃圾", "−1分")]


@pytest.mark.parametrize(
    ("head", "row", "category", "instead"),
    [
        (("序号", "积分内容", "分值"), (1, "扫雪", "2分"), "未分类", "条目都放在大类“未分类”里"),
        (("序号", "项目", "内容", "分值"), (1, "公益", "扫雪", "2分"), "公益", "按“事项”一列分大类"),
    ],
)
def test_a_list_without_a_class_is_read_and_asked_about_once(
    head: Sequence[str], row: Sequence[object], category: str, instead: str
) -> None:
    found = read(head, row, (2, *row[1:-2], "植树", "3分"))
    assert [rule.category for rule in found.rules] == [category] * 2
    assert [one.text for one in found.doubts] == [NO_CLASS.format(instead)]


@pytest.mark.parametrize(
    ("rows", "word"),
    [
        ([("门类", "积分内容", "分值"), ("乡风", "扫雪", "2分"), ("环境", "植树", "3分")], "列名“门类”"),
        ([("序号", "积分内容", "分值"), ("一、乡风文明", "", ""), ("1", "扫雪", "2分"), ("2", "植树", "3分")],
         "小标题“一、乡风文明”"),
    ],
)  # fmt: skip
def test_words_that_may_be_a_class_are_told_at_each_item_in_none(rows: list[Sequence[str]], word: str) -> None:
    found = read(*rows)
    assert [rule.category for rule in found.rules] == ["未分类"] * 2
    told = f"{word}没有当作大类，这一条放在“未分类”里，请核对（可以在修订稿里改）"
    assert [one.text for one in found.doubts if "大类" in one.text] == [told] * 2


def test_where_all_that_is_taken_says_so_the_others_are_given_and_asked_about() -> None:
    rows = (("环境", "扫雪", "2分/次"), ("环境", "乱倒垃圾", "-2分/次"))
    found = read(("类别", "内容", "分值"), *rows, title="细则")
    assert [rule.price_text for rule in found.rules] == ["+2分/次", "−2分/次"]
    assert [(one.code, "按加分读" in one.text) for one in found.doubts] == [(found.rules[0].code, True)]


def test_where_some_that_is_given_says_so_the_others_are_not_guessed() -> None:
    rows = (("环境", "扫雪", "2分/次"), ("环境", "乱倒垃圾", "-2分/次"), ("环境", "植树", "+3分"))
    found = read(("类别", "内容", "分值"), *rows, title="细则")
    assert [rule.price_text for rule in found.rules] == ["−2分/次", "+3分"]


@pytest.mark.parametrize("line", [("四、禁止性行为", "", ""), ("二、扣分项", "", ""), ("违规行为", "赌博", "10分")])
def test_where_anything_else_in_the_sheet_speaks_of_signs_none_is_guessed(line: Sequence[object]) -> None:
    rows = (("环境", "乱倒垃圾", "-2分/次"), line, ("环境", "打架", "5分"))
    found = read(("类别", "内容", "分值"), *rows, title="细则")
    assert "positive" not in [rule.sign for rule in found.rules]


def test_under_the_name_of_what_is_forbidden_no_sign_is_guessed() -> None:
    rows = (("环境", "乱倒垃圾", "-2分/次"), ("环境", "打架", "5分"))
    found = read(("类别", "内容", "分值"), *rows, title="禁止性行为")
    assert [rule.price_text for rule in found.rules] == ["−2分/次"]


@pytest.mark.parametrize(
    ("told", "caps"),
    [
        ("每月5次", ["每户每月最多5次"]),
        ("5次/月", ["每户每月最多5次"]),
        ("每季度2次", ["每户每季度最多2次"]),
        ("半年1次", ["每户每半年最多1次"]),
        ("全年10分", ["每户每年最多10分"]),
        ("每人每年10分、每户每年20分", ["每人每年最多10分", "每户每年最多20分"]),
    ],
)
def test_a_column_of_caps_needs_no_word_for_it(told: str, caps: list[str]) -> None:
    found = read(("类别", "内容", "分值", "上限"), ("环境", "扫雪", "2分/次", told))
    assert [limit.text for limit in found.rules[0].limits] == caps and not found.doubts


def test_a_cap_of_points_without_a_time_is_asked_about() -> None:
    found = read(("类别", "内容", "分值", "上限"), ("环境", "扫雪", "2分/次", "10分"))
    assert ["按每年读" in one.text for one in found.doubts] == [True]


@pytest.mark.parametrize("told", ["10", "每次5分", "看情况", "三年内5次"])
def test_a_cap_that_is_unclear_is_listed(told: str) -> None:
    found = read(("类别", "内容", "分值", "上限"), ("环境", "扫雪", "2分/次", told))
    assert (found.rules, [one.cell for one in found.problems]) == ((), ["D3"])


@pytest.mark.parametrize("price", ["加扣分", "奖扣分", "加减分标准", "加（扣）分", "奖惩标准"])
def test_a_head_that_names_both_signs_says_neither(price: str) -> None:
    head = ("类别", "内容", price)
    rows = (("乡风", "参加义务劳动", "3分/次"), ("乡风", "慰问老人", "加2分/月"), ("乡风", "乱倒垃圾", "扣2分"))
    found = read(head, *rows, title="积分细则")
    assert [(rule.title, rule.sign) for rule in found.rules] == [
        ("慰问老人", "positive"), ("乱倒垃圾", "negative"),
    ]  # fmt: skip
    assert ["看不出是加分还是扣分" in one.why for one in found.problems] == [True]


def test_unknown_columns_of_lists_side_by_side_are_kept_in_the_note() -> None:
    head = ("序号", "适用村", "正面行为", "加分", "负责人", "负面行为", "扣分")
    found = read(head, (1, "限河东村", "扫雪", "2分", "张三", "倒垃圾", "3分"), title="积分细则")
    assert [(rule.title, rule.note) for rule in found.rules] == [
        ("扫雪", "适用村：限河东村；负责人：张三"), ("倒垃圾", "适用村：限河东村"),
    ]  # fmt: skip


def test_a_sheet_without_signs_is_asked_once_and_read_as_answered() -> None:
    head, rows = (
        ("大类", "行为", "分值"),
        (("环境", "扫雪", "2分/次"), ("环境", "植树", "3分"), ("环境", "浇水", "视情况")),
    )
    found = read(head, *rows, title="细则")
    assert not found.rules and asked(found) == {"细则": 2}
    again = replace(found, problems=tuple(problem_of(kept(one)) for one in found.problems))
    made = answered(again, {"细则": "negative"}, "清单.xlsx")
    assert [rule.price_text for rule in made.rules] == ["−2分/次", "−3分"]
    assert [one.text for one in made.problems] == ["视情况"] and not asked(made)
    assert made.origins[made.rules[1].code].cell == found.problems[1].cell
    with pytest.raises(SheetNotAsked, match="“没有的表”"):
        answered(found, {"没有的表": "positive"}, "清单.xlsx")
