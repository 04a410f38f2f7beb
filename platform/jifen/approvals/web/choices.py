"""What a form offers: people and roles to choose from, shares, signs."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from jifen.accounts.models import RoleGrant, User
from jifen.approvals import directory, selectors
from jifen.approvals.definition import Who
from jifen.approvals.persons import PersonField
from jifen.approvals.shares import Fraction

Groups = list[tuple[str, list[tuple[str, str]]]]
LEVELS = (("village", "本村的"), ("group", "本组的"), ("town", "全镇的"))
SHARES = (
    ("half", "过半数同意"), ("two_thirds", "三分之二同意"), ("three_quarters", "四分之三同意"),
    ("percent", "百分之几同意"), ("count", "几票同意"),
)  # fmt: skip
_FRACTIONS = {
    "half": Fraction(numerator=1, denominator=2, more=True),
    "two_thirds": Fraction(numerator=2, denominator=3),
    "three_quarters": Fraction(numerator=3, denominator=4),
}
MOST_FOUND = 20
LATER = "到时候才知道"
TOLD_ONLY = "只监督、不表态"
OF_THE_THING = "事项里的人"


def people(words: str = "", whos: Sequence[Who] = (), persons: Mapping[str, PersonField] | None = None) -> Groups:
    """Roles, seats, whom the thing names (``persons``), those found by ``words`` and whoever ``whos`` name already."""
    named = {user for who in whos for user in who.named()}
    roles = [(f"role:{code}", word) for code, word in selectors.OFFICE_ROLES]
    watching = directory.here().watchers()
    seats = dict.fromkeys([*directory.here().seats(), *(who.seat for who in whos if who.seat)])
    fields = {code: one.name for code, one in (persons or {}).items()}
    fields |= {who.field: f"事项里填的“{who.field}”" for who in whos if who.field and who.field not in fields}
    later = [("leader", "当事人所在小组组长"), ("superior", "发起人的上级")]
    groups: Groups = [
        ("村里的职责", [(f"role:{code}", word) for code, word in directory.here().roles() if code not in watching]),
        (TOLD_ONLY, [(f"role:{code}", word) for code, word in directory.here().roles() if code in watching]),
        ("镇里的职责", roles),
        ("席位", [(f"seat:{seat}", f"“{seat}”席位") for seat in seats]),
        (LATER, later),
        (OF_THE_THING, [(f"field:{code}", name) for code, name in fields.items()]),
        ("指定人员", _accounts(words, named)),
    ]
    return [(title, options) for title, options in groups if options]


def _accounts(words: str, named: Collection[int]) -> list[tuple[str, str]]:
    """The office, those named already, and those whose name begins with ``words``."""
    ids = set(RoleGrant.objects.filter(to_date=None).values_list("user_id", flat=True)) | set(named)
    if words.strip():
        ids |= {user.pk for user in found(words)}
    rows = User.objects.filter(pk__in=ids, is_active=True).order_by("name_pinyin", "pk")
    return [(f"user:{user.pk}", label) for user, label in labelled(rows)]


def labelled(rows: Iterable[User]) -> list[tuple[User, str]]:
    """People by name; the account stands behind it only where another has the same name: 张三（账号 zhangsan）."""
    kept = list(rows)
    same = User.objects.filter(is_active=True, display_name__in={user.display_name for user in kept})
    often = Counter(same.values_list("display_name", flat=True))
    return [(user, _with_account(user) if often[user.display_name] > 1 else user.display_name) for user in kept]


def names(ids: Collection[int]) -> list[str]:
    """The active accounts of ``ids`` as ``labelled``, by pinyin."""
    rows = User.objects.filter(pk__in=ids, is_active=True).order_by("name_pinyin", "pk")
    return [label for _, label in labelled(rows)]


def _with_account(user: User) -> str:
    return f"{user.display_name}（账号 {user.username}）"


def named(text: str) -> list[User]:
    """Whom ``text`` means: a label of ``labelled``, an account name, or a name, which several people may have."""
    name, _, inner = text.strip().rstrip("）)").replace("(", "（").partition("（")
    account = inner.removeprefix("账号").strip() or name
    return by_username(account) or list(User.objects.filter(is_active=True, display_name=name).exclude(display_name=""))


def found(words: str) -> list[User]:
    """Active accounts by name or the beginning of its pinyin, at most twenty."""
    letters = words.strip().lower().replace(" ", "")
    if not letters:
        return []
    rows = User.objects.filter(is_active=True)
    by_name = rows.filter(display_name__contains=words.strip())
    by_letters = rows.filter(name_pinyin__startswith=letters)
    return list((by_name | by_letters).order_by("name_pinyin", "pk")[:MOST_FOUND])


def by_username(username: str) -> list[User]:
    return list(User.objects.filter(is_active=True, username=username)) if username else []


def code_of(who: Who) -> str:
    """The value of the select for ``who``; several named people keep to the first here."""
    if who.role is not None:
        return f"role:{who.role}"
    if who.seat is not None:
        return f"seat:{who.seat}"
    if who.field is not None:
        return f"field:{who.field}"
    return f"user:{who.named()[0]}" if who.named() else who.way


def raw_of(code: str) -> dict[str, Any]:
    """``{"role": …}`` and so on for a value of the select."""
    way, _, value = code.partition(":")
    if way in ("leader", "superior"):
        return {way: True}
    return {"user": int(value)} if way == "user" and value.isdecimal() else {way: value}


def labels(groups: Groups) -> dict[str, str]:
    return {code: word for _, options in groups for code, word in options}


def share_of(kind: str, number: int | None) -> dict[str, Any]:
    """``number``: of percent or votes, which the form has asked for."""
    if kind in _FRACTIONS:
        return _FRACTIONS[kind].model_dump(exclude_defaults=True)
    return {kind: number}


def share_kind(fraction: Fraction | None) -> tuple[str, int | None]:
    """The choice and the number of the form; an unusual share is told in percent."""
    if fraction is None:
        return "two_thirds", None
    known = next((kind for kind, one in _FRACTIONS.items() if one == fraction), None)
    if known:
        return known, None
    if fraction.count is not None:
        return "count", fraction.count
    return "percent", fraction.percent or -(-100 * (fraction.numerator or 1) // (fraction.denominator or 1))
