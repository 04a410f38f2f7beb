"""What the blanks of an item's sentence show, and the sentence itself."""

from collections.abc import Iterable, Mapping
from typing import Any

from jifen.kernel import cel, pinyin
from scoring.rules import diffs, printing
from scoring.rules.phrases import Known
from scoring.rules.spec import DEED_FIELDS, DEED_LABELS, Input
from scoring.rules.spec_amounts import QUANTITY
from scoring.rules.spec_inputs import NUMBERS
from scoring.rules.spec_limits import EVERY
from scoring.rules.spec_sources import PROOF_NAMES
from scoring.selectors.drafts import Line
from scoring.web import rulebook_conditions as conditions
from scoring.web import rulebook_fields as fields
from scoring.web import rulebook_forms as forms
from scoring.web import rulebook_more as more

SCOPES = {"household": "每户", "resident": "每人", "village": "全村"}
UNITS = ["次", "人", "户", "棵", "亩", "天", "半天", "小时", "公斤", "元", "袋", "桌"]
INPUTS = {
    "number": "数字", "count": "个数", "money": "金额（元）", "date": "日期", "date_range": "起止日期",
    "choice": "几选一", "yes_no": "是或否", "text": "文字", "person": "人名", "household": "哪一户", "photo": "照片",
}  # fmt: skip
DECLARERS = {
    "self": "本人申报", "neighbour": "邻居反映", "group_leader": "组长登记", "steward": "积分管理员登记",
    "committee": "审核委员会提出",
}  # fmt: skip
EVIDENCE = {"none": "不要", "optional": "可以附", "required": "须附"}


def blanks(body: Mapping[str, Any]) -> dict[str, Any]:
    """Everything that the page of an item fills in."""
    told = body.get("amount")
    amount: dict[str, Any] = told if isinstance(told, dict) else {}
    kind = str(amount.get("kind")) if amount.get("kind") in fields.KINDS else "fixed"
    return {
        "kind": kind,
        "kinds": [(name, *told) for name, told in fields.KINDS.items()],
        "amount": amount,
        "rows": _rows(kind, amount),
        "limits": [*(dict(one, at=place) for place, one in enumerate(body.get("limits") or [])), {}],
        "inputs": [*({**one, "listed": "、".join(one.get("choices") or [])} for one in body.get("inputs") or []), {}],
        "photos": next((one.get("least") for one in body.get("proofs") or [] if one.get("kind") == "photo"), ""),
        "other_proofs": [*(one for one in body.get("proofs") or [] if one.get("kind") != "photo"), {}],
        "proof_names": {name: label for name, label in PROOF_NAMES.items() if name != "photo"},
        "evidence": body.get("evidence") or "optional",
        "declarers": body.get("declarers") or ["self", "neighbour", "steward"],
        "scopes": SCOPES,
        "periods": EVERY,
        "units": UNITS,
        "unit_rounding": {"exact": "照实算", "down": "舍去", "nearest": "四舍五入", "up": "算一个"},
        "input_kinds": INPUTS,
        "declarer_names": DECLARERS,
        "evidence_names": EVIDENCE,
        "fields": _chips(body),
        "functions": FUNCTIONS,
        "offers": [*(_offer(name, name, label) for name, label in labels(body).items()), *FUNCTIONS],
        "counted": _counted(body, amount),
        **conditions.blanks(body),
    } | more.blanks(body)


def names(body: Mapping[str, Any]) -> dict[str, cel.Kind]:
    """What a condition may name: the item's own fields, as far as they are written."""
    found = dict(DEED_FIELDS)
    for one in _read(body):
        found |= one.cel_fields()
    return found


def known(lines: Iterable[Line], classes: Iterable[tuple[str, str]] = ()) -> Known:
    """How items of a draft name each other and its ``classes`` of points, finished or not."""
    bodies = {one.code: forms.body_of(one) for one in lines}
    names = {
        code: printing.citation(str(body.get("title") or forms.NAMELESS), str(body.get("number") or code.upper()))
        for code, body in bodies.items()
    }
    groups = {code: body["group"] for code, body in bodies.items() if isinstance(body.get("group"), dict)}
    told = {code: str(group["code"]) for code, group in groups.items() if group.get("code")}
    return printing.known(names, told, dict(classes))


def sentence(line: Line, known: Known) -> str:
    """The whole item as people read it, others by the names ``known``; empty while it is unfinished."""
    rule = line.rule
    if rule is None:
        return ""
    caps = f"，{diffs.limits_text(rule)}" if rule.limits else ""
    once = "，每户只计一次" if rule.once else ""
    printed = printing.item_of(rule, known)
    proof = f"，佐证{printed['proof']}" if rule.evidence != "optional" or rule.proofs else ""
    also = printed["also"]
    return f"{rule.title}：{printed['price']}{caps}{once}{proof}。{f'{also}。' if also else ''}"


def _rows(kind: str, amount: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Rows of every kind of amount: what there is, and one to write in (two where at least two are needed)."""
    made = {}
    for name, parts in fields.ROWS.items():
        for part in parts:
            there = [_ended(row) for row in amount.get(part) or []] if name == kind else []
            made[f"{name}_{part}"] = [*there, *[{}] * (1 if len(there) > 1 else 2)]
    return made


def _ended(row: Mapping[str, Any]) -> dict[str, Any]:
    """A band with its end, whichever way it is written."""
    most = row.get("most")
    return {**row, "end": row.get("below") if most is None else most, "ends": "below" if most is None else "most"}


def labels(body: Mapping[str, Any]) -> dict[str, str]:
    """What people call the names that a condition may use."""
    found = dict(DEED_LABELS)
    for one in _read(body):
        found |= one.cel_labels()
    return found


def _offer(put: str, show: str, told: str) -> dict[str, str]:
    """What completes a word of a formula; it is found by its name, its meaning and the pinyin of that."""
    return {"put": put, "show": show, "told": told, "keys": f"{show} {told} {pinyin.keys(told)}".lower()}


FUNCTIONS = [_offer(f"{name}(", shape, told) for name, (shape, told) in cel.TELLING.items()]


def _counted(body: Mapping[str, Any], amount: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Numbers that a price may look at."""
    chosen = {amount.get("by"), amount.get("of")} - {QUANTITY}
    return [(QUANTITY, "登记的数量"), *more.fields(body, chosen, NUMBERS)]


def _chips(body: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What a button puts into a formula, and what it is called: its label, unless two are called the same."""
    told = labels(body)
    often = [*told.values()]
    return [(label if often.count(label) == 1 else name, label) for name, label in told.items()]


def _read(body: Mapping[str, Any]) -> Iterable[Input]:
    """The fields that are finished."""
    return conditions.finished(body.get("inputs") or [])
