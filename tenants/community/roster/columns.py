"""The columns of a roster and what else people call them."""

import re

COLUMNS: dict[str, tuple[str, ...]] = {
    "村": ("村居", "村名", "村(居)", "村(社区)", "行政村", "村居名称", "社区", "所在村"),
    "组": ("组别", "小组", "村民小组", "组号", "所在组"),
    "户号": ("户编号", "家庭编号", "家庭户号", "户代码"),
    "户主姓名": ("户主", "户主名"),
    "姓名": ("成员姓名", "村民姓名", "家庭成员"),
    "与户主关系": ("关系", "与户主的关系", "家庭关系"),
    "身份证号": ("身份证", "身份证号码", "公民身份号码", "证件号码", "身份证件号码"),
    "手机号": ("手机", "电话", "联系电话", "手机号码", "联系方式"),
    "居住地址": ("地址", "住址", "家庭住址", "门牌号"),
    "户籍在本村": ("本村户籍", "户在", "是否本村户籍", "户籍是否在本村"),
    "有宅基地": ("房在", "宅基地", "是否有宅基地", "有宅基地房屋"),
    "有人常住": ("人在", "常住", "是否常住", "是否有人常住"),
    "星级": ("星级户", "星级家庭", "美丽庭院星级"),
    "党员": ("是否党员", "政治面貌", "中共党员"),
    "居住起始": ("居住起始日期", "何时居住", "居住时间", "入住日期", "来村日期"),
}
REQUIRED = ("户号", "姓名", "与户主关系", "组")
"""And 村, unless the file is for one village."""

_NAMES = {other: name for name, others in COLUMNS.items() for other in (name, *others)}


def column_of(header: str) -> str | None:
    """The column that a header cell means; brackets with hints, spaces and stars do not matter."""
    plain = re.sub(r"[\s*:]", "", header.replace("(", "(").replace(")", ")").replace(":", ":"))
    return _NAMES.get(plain) or _NAMES.get(re.sub(r"\(.*\)", "", plain))
