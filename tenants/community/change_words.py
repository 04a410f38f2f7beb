"""What a change of the roster asks for, in words: on its page, and for those who decide when it was mended."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from jifen.kernel import masking
from jifen.web.wording import date_cn
from tenants.community.models import ChangeKind, Resident, RosterChange

_PEOPLE = {"members": "分出去的成员", "head": "新户的户主", "resident": "谁"}
_WORDS = {
    "name": "姓名", "relation": "关系", "id_number": "身份证号", "phone": "手机号", "from_date": "迁入日期",
    "number": "新户号", "group": "新户的组", "address": "新户地址", "on": "日期", "agreement": "同意的会议",
    "head_name": "户主姓名", "head_id_number": "户主身份证号", "head_phone": "户主手机号", "resident_since": "居住起始",
    "join_on": "加入积分制", "stars": "星级", "has_local_hukou": "户籍在本村", "has_homestead": "有宅基地房屋",
    "is_lived_in": "有人常住", "is_party": "党员家庭",
}  # fmt: skip
_DAYS = {"from_date", "on", "resident_since", "join_on"}
MASKED = {
    "id_number": masking.id_number, "phone": masking.phone,
    "head_id_number": masking.id_number, "head_phone": masking.phone,
}  # fmt: skip


def told(row: RosterChange) -> list[tuple[str, str]]:
    """Its terms; numbers of people masked."""
    terms = json.loads(row.terms)
    said = ("number", "head_name") if row.household else ("number",)  # above already
    known = said if row.kind == ChangeKind.NEW else ()
    return [(word, text) for name, (word, text) in _texts(terms).items() if text and name not in known]


def differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> set[str]:
    """The terms that ask for something else; what is empty and what is left out is the same."""
    return {name for name in {**before, **after} if (before.get(name) or "") != (after.get(name) or "")}


def mended(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """What ``after`` asks for otherwise than ``before``, a sentence each; numbers of people masked."""
    old, new, other = _texts(before), _texts(after), differing(before, after)
    names = [name for name in {**old, **new} if name in other]
    return [_change(old.get(name) or (new[name][0], ""), new.get(name) or (old[name][0], "")) for name in names]


def _change(old: tuple[str, str], new: tuple[str, str]) -> str:
    (word, was), (_, now) = old, new
    return f"{word}由{was or '空'}改为{now or '空'}" if was != now else f"{word}改了"


def _texts(terms: Mapping[str, Any]) -> dict[str, tuple[str, str]]:
    """By the names of the terms: their words and what they say."""
    people = {name: _ids(terms[name]) for name in _PEOPLE if name in terms}
    asked = [pk for ids in people.values() for pk in ids]
    names = dict(Resident.objects.filter(pk__in=asked).values_list("pk", "name"))
    who = {name: (_PEOPLE[name], "、".join(names.get(pk, "") for pk in ids)) for name, ids in people.items()}
    return {**who, **{name: (word, _text(name, terms[name])) for name, word in _WORDS.items() if name in terms}}


def _ids(value: int | list[int]) -> list[int]:
    return value if isinstance(value, list) else [value]


def _text(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    if name in MASKED:
        return MASKED[name](value or "")
    if name in _DAYS and value:
        return date_cn(date.fromisoformat(value))
    return "" if value is None else str(value)
