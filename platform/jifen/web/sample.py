"""Made-up data of real size for the style guide."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.core.paginator import Page, Paginator

from jifen.kernel.clock import TIME_ZONE
from jifen.web import nav
from jifen.web.forms import DateInput, Form, PhotoInput, PointsInput
from jifen.web.nav import Item


class DeedForm(Form):
    """A steward records a deed."""

    rule = forms.ChoiceField(
        label="积分条目",
        choices=[
            ("", "请选择"),
            ("1", "环境卫生 · 参加村庄清洁行动（2分/次）"),
            ("2", "移风易俗 · 婚事简办（20分/次）"),
        ],
    )
    household = forms.CharField(label="家庭户", help_text="输入户主姓名或户号，例如“0132”")
    day = forms.DateField(label="事情发生的日期", widget=DateInput)
    amount = forms.DecimalField(label="数量（棵）", widget=PointsInput, required=False)
    channel = forms.ChoiceField(
        label="申报方式",
        widget=forms.RadioSelect,
        choices=[("oral", "口头"), ("phone", "电话"), ("sms", "短信"), ("window", "窗口"), ("online", "网上")],
    )
    reason = forms.CharField(label="事由", widget=forms.Textarea(attrs={"rows": 3, "placeholder": "做了什么，在哪里"}))
    photo = forms.FileField(
        label="佐证照片", widget=PhotoInput, required=False, help_text="可以现场拍，最多 5 张，每张不超过 10 MB"
    )
    agreed = forms.BooleanField(label="已核对申报人身份，所记情况属实")


class SearchForm(Form):
    village = forms.ChoiceField(label="村", required=False, choices=[("", "全部村"), ("1", "连民村"), ("2", "纯新村")])
    month = forms.ChoiceField(
        label="月份", required=False, choices=[("2025-03", "2025年3月"), ("2025-02", "2025年2月")]
    )
    word = forms.CharField(label="姓名或户号", required=False)


class SignInForm(Form):
    username = forms.CharField(label="用户名", widget=forms.TextInput(attrs={"autocomplete": "username"}))
    password = forms.CharField(label="密码", widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}))


ROWS: list[dict[str, Any]] = [
    {
        "code": "0132",
        "head": "张春生",
        "group": "第三村民小组",
        "rule": "参加村庄清洁行动",
        "points": Decimal(2),
        "state": "submitted",
    },
    {
        "code": "0047",
        "head": "欧阳建国",
        "group": "第一村民小组",
        "rule": "植树3分/棵 × 12棵",
        "points": Decimal(36),
        "state": "approved",
    },
    {
        "code": "0208",
        "head": "禤玉梅",
        "group": "第七村民小组",
        "rule": "焚烧秸秆",
        "points": Decimal(-10),
        "state": "rejected",
    },
    {
        "code": "0091",
        "head": "李小龙",
        "group": "第二村民小组",
        "rule": "邻里纠纷调解并签订协议",
        "points": Decimal(10),
        "state": "posted",
    },
    {
        "code": "0163",
        "head": "王桂兰",
        "group": "第五村民小组",
        "rule": "清扫自家院落（按月计）",
        "points": Decimal("3.2"),
        "state": "reversed",
    },
]
EVENTS: list[dict[str, Any]] = [
    {
        "title": "张春生家提出申报",
        "when": datetime(2025, 3, 5, 9, 12, tzinfo=TIME_ZONE),
        "by": "网上申报，附照片2张",
        "tone": "info",
    },
    {
        "title": "积分管理员受理",
        "when": datetime(2025, 3, 5, 16, 40, tzinfo=TIME_ZONE),
        "by": "陆秀英（积分管理员）",
        "tone": "good",
    },
    {
        "title": "审核委员会调整",
        "when": datetime(2025, 3, 28, 19, 5, tzinfo=TIME_ZONE),
        "by": "到会5人，同意5人",
        "text": "现场点数为12棵，按12棵计36分。",
        "tone": "wait",
    },
    {
        "title": "镇级备案",
        "when": datetime(2025, 4, 2, 10, 0, tzinfo=TIME_ZONE),
        "by": "镇新时代文明实践所",
        "tone": "plain",
    },
]
FACTS: list[tuple[str, str]] = [
    ("户号", "0132"),
    ("户主", "张春生"),
    ("住址", "连民村第三村民小组 48 号"),
    ("参加日期", "2024年6月1日"),
    ("同意公示", "是，2024年6月1日"),
    ("备注", ""),
]
STEP_NAMES = ["申报", "受理", "委员会审核", "镇级备案", "记账"]
TAB_ITEMS = [
    ("待审核", "#tables", True, 42),
    ("已通过", "#tables", False, 1212),
    ("未通过", "#tables", False, 18),
    ("全部", "#tables", False),
]
_MONTHS = [f"{number}月" for number in range(1, 13)]
BARS = {
    "kind": "stack",
    "unit": "分",
    "categories": _MONTHS,
    "series": [
        {"name": "加分", "data": [820, 932, 1290, 1104, 1330, 1420, 1190, 1010, 1640, 1702, 1530, 1288]},
        {
            "name": "扣分",
            "tone": "minus",
            "data": [-142, -130, -161, -155, -138, -170, -144, -129, -152, -136, -140, -133],
        },
    ],
}
LINE = {
    "kind": "line",
    "unit": "%",
    "target": 80,
    "categories": _MONTHS,
    "series": [{"name": "参与率", "data": [52, 58, 63, 66, 71, 74, 77, 79, 81, 83, 84, 84]}],
}
RING = {
    "kind": "ring",
    "unit": "分",
    "categories": ["人居环境", "文明新风", "知法守规", "参与共治", "底线约束"],
    "series": [{"name": "分值", "data": [4820, 3120, 1640, 2210, 380]}],
}
VILLAGES: list[dict[str, Any]] = [
    {"name": name, "share": share, "red": red, "black": black, "points": points}
    for name, share, red, black, points in (
        ("连民村", "0.91", 10, 2, 5820),
        ("纯新村", "0.88", 10, 1, 5344),
        ("大洪村", "0.84", 10, 0, 4980),
        ("七灶村", "0.82", 9, 3, 4712),
        ("界龙村", "0.79", 10, 1, 4390),
        ("新浜村", "0.77", 8, 4, 4126),
        ("牌楼村", "0.73", 10, 2, 3905),
        ("会龙村", "0.69", 7, 5, 3577),
    )
]
HBARS = {
    "kind": "hbar",
    "unit": "分",
    "categories": [village["name"] for village in VILLAGES],
    "series": [{"name": "户均分", "data": [62.4, 60.1, 57.8, 55.2, 51.9, 48.3, 47.7, 41.0]}],
}
STAFF_NAV = [
    Item("今日待办", "?page=staff", "home", True, waiting=3),
    Item("月审核与备案", "?page=staff#tables", "clipboard-check", False, group=nav.MONTHLY),
    Item("积分台账", "?page=staff#charts", "notebook", False, group=nav.MONTHLY),
    Item("公示与异议", "?page=staff#notices", "speakerphone", False, waiting=2, group=nav.QUARTERLY),
    Item("积分超市与结算", "?page=staff#shop", "building-store", False, group=nav.QUARTERLY),
    Item("村与家庭户", "?page=staff#homes", "users-group", False, group=nav.ROSTER),
    Item("名册导入", "?page=staff#roster", "file-spreadsheet", False, group=nav.ROSTER),
    Item("积分细则", "?page=staff#forms", "book-2", False, group=nav.RULES),
    Item("审核办法", "?page=staff#settings", "settings", False, group=nav.SETTINGS),
]
RESIDENT_NAV = [
    Item("首页", "?page=simple", "home", True),
    Item("存折", "?page=simple#book", "book-2", False),
    Item("积分码", "?page=simple#code", "qrcode", False),
    Item("公示", "?page=simple#notice", "speakerphone", False),
    Item("我的", "?page=simple#me", "user", False),
]


def wrong_form() -> DeedForm:
    """A form as it comes back with mistakes."""
    return DeedForm({"rule": "1", "day": "2025-13-40", "reason": "清理门前河道"})


def page_of_many() -> Page[int]:
    return Paginator(range(486), 20).page(7)
