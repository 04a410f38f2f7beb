"""What people are asked for without need: personal data, photos, a daily check-in."""

import re
from decimal import Decimal

from scoring.rules.findings import ceilings
from scoring.rules.findings.base import Change, Finding, Found, Mend, active, dumped, only
from scoring.rules.spec import Fixed, Input, PerMonth, Rulebook, RuleSpec
from scoring.rules.spec_inputs import PEOPLE

SECRET = re.compile(
    "身份证|证件号|银行卡|银行账|存折号|社保卡号|病历|病史|诊断书|诊断证明|指纹|人脸|虹膜|基因|征信|户口本|密码|精确位置|行踪"
)
PERSONAL = re.compile(
    "手机|电话|联系方式|住址|家庭地址|微信|QQ|收入|工资|存款|学历|政治面貌|婚姻状况|出生日期|年龄|工作单位"
)
_MEANS = "(?:收入|存款|资产|财产|负债)"
"""What somebody has: asked for where it is to be shown, not where it grows."""
_ASKED = re.compile(
    f"(?:提供|提交|上传|登记|填写|出示|交|上报|公开)[^，。；、]{{0,8}}?({SECRET.pattern}"
    f"|{_MEANS}(?:[、和及]{_MEANS})*(?:情况|证明|明细|流水|状况|清单))"
)
_ROUTINE = re.compile("每日|每天|日常|清扫|打扫|保洁|门前三包|垃圾分类|垃圾倾倒|整洁|整齐|圈养|干净")
SMALL = Decimal(3)
DAY_UNITS = frozenset({"日", "天"})
BY_INSPECTION = ["steward", "committee"]


def find(book: Rulebook) -> Found:
    """Fields and proofs that an item does not need."""
    for rule in active(book):
        for item in rule.inputs:
            yield from _field(rule, item)
        asked = _ASKED.search(f"{rule.text} {rule.note or ''}")
        if asked:
            told = f"“{rule.title}”要求提供“{asked.group(1)}”，计分用不着这样的个人信息。"
            yield Finding("personal_data", "sign_off", (rule.code,), told, Mend("去掉这句要求"))
        if rule.sign == "positive":
            yield from _photo(rule)
            yield from _daily(rule)


def _field(rule: RuleSpec, item: Input) -> Found:
    told = " ".join((item.label, item.help or "", *item.choices))
    drop = Mend(f"去掉填写项“{item.label}”", () if item.name in _used(rule) else _without(rule, item))
    secret = SECRET.search(told)
    if secret:
        text = f"“{rule.title}”要填“{item.label}”，计分用不着“{secret.group()}”这样的个人信息。"
        yield Finding("personal_data", "sign_off", (rule.code,), text, drop)
    elif item.name not in _used(rule) and (item.kind in PEOPLE or PERSONAL.search(told)):
        text = f"“{rule.title}”要填“{item.label}”，但计分没有用到它。"
        yield Finding("personal_data", "hint", (rule.code,), text, drop)


def _used(rule: RuleSpec) -> set[str]:
    """Fields that something in the rule looks at."""
    named = {rule.beneficiary, rule.responsible}
    named |= {part.by for part in (*rule.limits, rule.group, rule.not_with) if part is not None}
    named |= {getattr(rule.amount, "by", None), getattr(rule.amount, "of", None)}
    texts = [one.when for one in rule.conditions] + [getattr(rule.amount, "formula", "")]
    words = {word for text in texts for word in re.findall(r"[a-z][a-z0-9_]*", text)}
    return {name for name in named if name} | {
        item.name for item in rule.inputs if words & {item.name, *item.cel_fields()}
    }


def _without(rule: RuleSpec, item: Input) -> tuple[Change, ...]:
    return only(rule, inputs=dumped(one for one in rule.inputs if one is not item))


def _photo(rule: RuleSpec) -> Found:
    """Photos are optional for what happens all the time; it is credited by inspection or in batches."""
    photos = [one for one in rule.proofs if one.kind in ("photo", "video")]
    fields = [one for one in rule.inputs if one.kind == "photo" and one.required]
    if not is_routine(rule) or not (fields or (rule.evidence == "required" and (photos or not rule.proofs))):
        return
    told = f"“{rule.title}”是日常小事，不必每次交照片：由检查或批量登记计分，照片自愿。"
    values: dict[str, object] = {"evidence": "optional"} if rule.evidence == "required" else {}
    if fields:
        values["inputs"] = [
            one.model_dump(mode="json") | ({"required": False} if one in fields else {}) for one in rule.inputs
        ]
    yield Finding("photo_routine", "hint", (rule.code,), told, Mend("照片改为自愿", only(rule, **values)))


def _daily(rule: RuleSpec) -> Found:
    if not is_daily(rule) or "self" not in rule.declarers:
        return
    told = f"“{rule.title}”每天都要自己报，等于天天打卡：改由检查或批量登记计分。"
    mend = Mend("改由积分管理员、审核委员会检查登记", only(rule, declarers=BY_INSPECTION))
    yield Finding("daily_check_in", "hint", (rule.code,), told, mend)


def is_daily(rule: RuleSpec) -> bool:
    """Whether the item counts once a day."""
    per_day = isinstance(rule.amount, Fixed) and rule.amount.per in DAY_UNITS
    return per_day or any(limit.kind == "count" and limit.period == "day" for limit in rule.limits)


def is_routine(rule: RuleSpec) -> bool:
    """Whether the item is about what people do day by day, for a few points."""
    if is_daily(rule) or isinstance(rule.amount, PerMonth):
        return True
    deed = ceilings.of_deed(rule)
    small = deed is not None and deed <= SMALL
    return small and _ROUTINE.search(f"{rule.title}{rule.text}") is not None
