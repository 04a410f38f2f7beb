"""Two annexes as towns have them: a positive and a negative list on a sheet each, with merged cells.

The figures, classes and the shape of the cells are those of a published scheme; the sentences are shortened.
"""

import io
from collections.abc import Iterable

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

HEAD = ("大类", "事项", "行为", "奖惩")
POSITIVE: tuple[tuple[str, str, str, str], ...] = (
    ("理论学习", "参加培训学习", "1.参加理论政策的集体学习。", "不迟到、早退（2分/次）"),
    ("", "", "2.讨论发言，分享体会。", "不迟到、早退（2分/次）"),
    ("", "", "3.参加文体活动，", "准时参加比赛，不迟到、早退（2分/次）"),
    ("平安建设", "遵纪守法", "1.制止违法犯罪行为", "制止危害公共安全的违法犯罪行为（8分/次）"),
    ("", "", "2.举报违法犯罪行为", "举报违法犯罪行为并经调查属实的（2分/次）"),
    ("", "", "3.不违纪违法", "不大操大办、不乱搭乱建、不损坏公物（5分）"),
    ("道德建设", "孝老爱亲", "4.弘扬孝老敬老传统", "经群众推荐、工作组核实，事迹突出（2分/次）"),
    ("", "", "4.关爱孤寡老人", "帮助孤寡老人洗衣、做饭、购物等（2分/次）"),
    ("", "", "5.关爱学生儿童", "帮助指导学习，开展心理疏导。（2分/次）"),
    ("美丽建设", "示范带动", "做好垃圾分类，进入村级评议红榜", "做好垃圾分类，进入村级评议红榜的（2分/次）"),
    ("", "", "评上美丽庭院的农户", "县级美丽庭院（10分/次），镇级美丽庭院（5分/次），村级美丽庭院（1分/次）"),
    ("", "公益行动", "参与公益活动", "清扫公共场所、清理公共垃圾桶等（2分/次）"),
    ("", "", "清洁卫生美化、序化", "清洁卫生美化（1分/月）：室内、院落清扫干净。"),
    ("", "", "", "清洁卫生序化（1分/月）：农具、柴草摆放整齐。"),
    ("", "", "完成无害化厕所改造", "完成改造并管护良好，管道不堵塞（2分/月）"),
    ("", "", "公益环保行为", "各类垃圾倾倒在指定地点（1分/月）"),
    ("", "", "", "鸡鸭圈养，狗拴链（1分/月）"),
    ("", "", "", "主动捡拾村里各项垃圾（1分/半天）"),
    ("其他", "村级自定", "", ""),
)
NEGATIVE: tuple[tuple[str, str, str, str], ...] = (
    (
        "理论学习", "参加培训", "1．不参加集体学习。\n\n2．不讨论发言。 \n3．不参加文体活动。",
        "（1）迟到、早退（扣4分）\n\n（2）不积极参与比赛（扣2分）",
    ),
    (
        "平安建设", "遵纪守法", "1.违反道德行为",
        ("（1）寻衅滋事等行为的（扣2分）；\n\n（2）有搞宗派活动的（扣5分）；\n\n（3）拒绝履行赡养义务的（扣10分）；\n\n"
        "（4）乱办酒席（扣5分）；\n\n（5）修建豪华墓的（扣5分）。"),
    ),
    (
        "", "", "2.违法乱纪行为",
        "（1）有酒驾醉驾等违法行为（扣5分）；\n\n（2）有参加邪教、传销的（扣5分）；\n（3）有非法上访的（扣2分）。",
    ),
    (
        "美丽建设", "公益环保", "3.违反公益环保行为",
        ("（1）畜禽散养、柴草乱堆乱放等（扣2分/次）；\n\n（2）乱搭乱建（扣5分/次）；\n\n（3）污染环境的，（扣2分/次）；\n\n"
        "（4）在公共场所乱丢垃圾的行为（扣2分/次）；（5）家庭垃圾分类不清的（扣1分/次）。"),
    ),
    ("其他", "村级自定", "", ""),
)  # fmt: skip


def workbook() -> bytes:
    """Both annexes in one file, a sheet each, blanks merged with what stands above them."""
    book = Workbook()
    page = book.worksheets[0]
    page.title = "附件4"
    _fill(page, "积分制正面清单（参考）", POSITIVE)
    _fill(book.create_sheet("附件5"), "积分制负面清单（参考）", NEGATIVE)
    return saved(book)


def saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def sheet(*rows: Iterable[object], title: str = "清单") -> bytes:
    """A workbook of one sheet."""
    book = Workbook()
    page = book.worksheets[0]
    page.title = title
    for row in rows:
        page.append(list(row))
    return saved(book)


def _fill(page: Worksheet, title: str, rows: tuple[tuple[str, str, str, str], ...]) -> None:
    page.append([title])
    page.merge_cells("A1:D1")
    for row in (HEAD, *rows):
        page.append(row)
    for column in range(3):
        _merge(page, column, [row[column] for row in rows], [row[3] for row in rows])


def _merge(page: Worksheet, column: int, texts: list[str], prices: list[str]) -> None:
    top = 0
    for place, text in enumerate([*texts, "end"]):
        if not text and prices[place]:
            continue
        if place - top > 1:
            page.merge_cells(start_row=top + 3, end_row=place + 2, start_column=column + 1, end_column=column + 1)
        top = place
