"""The columns of towns' lists and what else people call them."""

import re
import unicodedata

CLASS, MATTER, TITLE, DEED, PRICE = "大类", "事项", "名称", "行为", "奖惩"
PLUS, MINUS, LIST, UNIT, CAP = "加分", "扣分", "清单", "单位", "上限"
PROOF, TELLERS, NOTE, NUMBER, CODE = "佐证", "由谁申报", "备注", "编号", "代码"
WHY, WHERE = "错误原因", "原来的位置"

COLUMNS: dict[str, tuple[str, ...]] = {
    CLASS: ("类别", "积分类别", "项目类别", "一级指标", "分类", "板块", "大项", "类目", "积分大类", "项目分类", "类型",
        "一级分类", "积分类型", "考核类别", "评分类别", "事项类别", "内容分类",
        "考评类别", "内容类别", "领域", "维度", "模块"),
    MATTER: ("二级指标", "小类", "项目", "积分项目", "指标", "子项", "积分事项", "事项名称", "项目名称", "评分项目",
        "项目标准", "二级分类", "考核项目", "考核指标", "评价指标", "评分指标", "积分指标", "指标名称", "评价项目",
        "奖励事项", "扣分事项", "加分事项", "考评项目"),
    TITLE: ("条目", "条目名称", "行为名称"),
    DEED: (
        "内容", "积分内容", "评分内容", "具体内容", "具体行为", "行为表现", "具体事项", "三级指标", "评分标准",
        "积分细则",
        "评分细则", "行为内容", "行为描述", "积分行为", "具体标准", "内容及标准", "正面行为", "负面行为", "细则内容",
        "考核内容", "指标内容", "评价内容", "评议内容", "项目内容", "考核标准", "评价标准", "打分标准", "评分办法",
        "评分方法", "考核办法", "计分办法", "计分方法", "积分办法", "评分依据", "评分要求", "评分规则", "积分规则",
        "计分规则",
        "考核细则", "具体要求", "主要内容", "信用行为", "行为事项", "评定内容", "评定标准", "评比内容", "考评内容",
        "考评标准",
    ),
    PRICE: (
        "分值", "积分", "积分标准", "计分标准", "加减分", "得分", "赋分", "分数", "积分分值", "计分", "奖扣分",
        "奖惩分值",
        "加扣分", "奖惩标准", "赋分标准", "分值标准", "奖惩措施", "标准分值", "加(扣)分", "加减分标准", "标准",
        "积分值", "标准分", "考核分值", "评分分值", "评分", "打分", "计分值", "赋值", "积分数",
        "加/扣分", "加/减分", "奖罚分", "加减分值", "加扣分值",
    ),
    PLUS: ("加分标准", "加分分值", "奖励分值", "奖分", "奖励", "加分值", "奖分值", "奖励积分"),
    MINUS: ("扣分标准", "扣分分值", "处罚分值", "减分", "扣减分值", "惩罚", "扣分值", "减分值", "扣除分值", "扣除积分"),
    LIST: ("正负", "性质", "奖惩类型", "加扣类型", "清单类型"),
    UNIT: ("计分单位", "计量单位", "频次"),
    CAP: ("封顶", "积分上限", "分值上限", "最高分", "限次", "限制", "上限说明"),
    PROOF: ("佐证材料", "证明材料", "所需材料", "佐证要求", "凭证"),
    TELLERS: ("申报人", "申报主体", "谁来申报"),
    NOTE: ("说明", "备注说明", "注", "其他说明", "注意事项"),
    NUMBER: ("条目编号", "项号"),
    CODE: ("条目代码",),
    WHY: (),
    WHERE: (),
}  # fmt: skip
PRICES = (PRICE, PLUS, MINUS)
FIGURES = (*PRICES, UNIT, CAP)
"""Columns in which a number alone is a figure."""
BOTH = "both"
ORDINAL_MARKS = "、.．（）()"
SHARED = (CLASS, MATTER)
"""Columns that lists side by side may have in common."""

_NAMES = {other: name for name, others in COLUMNS.items() for other in (name, *others)}
_POSITIVE = re.compile("正面|加分|奖励清单|正向|红榜清单")
_NEGATIVE = re.compile("负面|扣分|减分|惩戒|负向|处罚清单")
_GIVING, _TAKING = "正面|加分|奖励|激励|正向", "负面|扣分|减分|扣减|惩戒|惩罚|惩处|处罚|负向|反向"
_LEANS_UP = re.compile(f"{_GIVING}|倡导|鼓励|红榜")
_LEANS_DOWN = re.compile(f"{_TAKING}|禁止|约束|违规|违法|失信|底线|红线|否决|不文明|黑榜")
_EITHER = re.compile(r"[加奖增正][(、/和与及]*[减扣惩罚负]")
"""加扣分, 奖惩, 加减分, 正负面: neither sign."""
_SUFFIX = "(?:项|项目|类|清单|行为|情形|事项|指标|条款|标准|细则|内容|部分)"
_HEADING = re.compile(
    rf"[^,;。:]{{0,30}}?(?:(?P<given>{_GIVING})|(?P<taken>{_TAKING}))(?:[^,;。:]{{0,6}}{_SUFFIX}|[^,;。:]{{0,2}})"
    r"(?:如下|\((?:试行|参考|建议)\))?:?"
)
_ORDINAL = re.compile(r"^(?:附件|附表)?[\s(（第]*[一二三四五六七八九十\dⅠ-Ⅻ①-⑳]+(?:[)）、.．:：\s]|部分|$)+")
_LISTED = {
    **dict.fromkeys(("加", "正", "奖", "+", "奖励", "正向"), "positive"),
    **dict.fromkeys(("减", "扣", "负", "惩", "罚", "-", "处罚", "惩罚", "负向"), "negative"),
}
_LIST_NAME = re.compile(rf"(?:(?:{_GIVING})|(?P<taken>{_TAKING}))(?:行为|约束|激励)?{_SUFFIX}?")


def column_of(header: str) -> str | None:
    """The column that a head cell means; blanks, stars and hints in brackets do not matter."""
    plain = re.sub(r"[\s*:]", "", unicodedata.normalize("NFKC", header))
    return _NAMES.get(plain) or _NAMES.get(re.sub(r"\(.*?\)", "", plain))


def sign_of(text: str) -> str | None:
    """``positive`` or ``negative`` when a title says which list it heads; None when it says neither, or both."""
    good, bad = _POSITIVE.search(text), _NEGATIVE.search(text)
    if _EITHER.search(text):
        return None
    if bool(good) == bool(bad):
        return None
    return "positive" if good else "negative"


def heading(text: str) -> str | None:
    """The sign of the list that a line names which is this text alone; None when it is no such name, or names both."""
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", _ORDINAL.sub("", text)))
    for told in (re.sub(r"\([^()]*\)", "", plain), plain):
        found = _HEADING.fullmatch(told) if leaning(told) != BOTH else None
        if found:
            return "positive" if found["given"] else "negative"
    return None


def leaning(text: str) -> str | None:
    """To which sign the words of a text lean, ``BOTH`` when to either; None when they say nothing of it."""
    plain = re.sub(r"\s", "", text)
    up, down = _LEANS_UP.search(plain), _LEANS_DOWN.search(plain)
    if (up and down) or _EITHER.search(plain):
        return BOTH
    return ("positive" if up else "negative") if up or down else None


def order(text: str) -> str:
    """How a heading is numbered: those alike are of one level. Empty when it is not."""
    found = _ORDINAL.match(text)
    return re.sub(r"[一二三四五六七八九十]+", "一", re.sub(r"\d+", "1", found.group().strip())) if found else ""


def says_more(text: str) -> bool:
    """Whether the name of a section says a figure or a limit too."""
    return bool(
        re.search(r"\d|[一二三四五六七八九十]分|上限|封顶|最高|最多|限", re.sub(r"\d{4}年", "", _ORDINAL.sub("", text)))
    )


def listed_sign(text: str) -> str | None:
    """What the column 清单 says; None when that is not understood."""
    return sign_of(text) or _LISTED.get(unicodedata.normalize("NFKC", text).strip())


def class_sign(text: str) -> tuple[bool, str | None]:
    """Whether a class or matter is the name of a list (扣分项), and its sign; (False, sign) when it only sounds so."""
    plain = _ORDINAL.sub("", text).strip()
    found = _LIST_NAME.fullmatch(plain)
    if found:
        return True, "negative" if found["taken"] else "positive"
    return False, sign_of(plain)
