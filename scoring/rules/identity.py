"""Which items of a list a rulebook has already, and codes for those that are new (pure).

A code carries an item's deeds, caps and what villages changed of it from version to version. So another item never gets
a code that meant something else before.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from pydantic import ValidationError

from scoring.rules import field_words
from scoring.rules.spec import Rulebook, RuleSpec

LONGEST = 40
"""Letters of a code."""
_MARKS = re.compile(r"(?<!\d)[\W_]+|[\W_]+(?!\d)")
"""What a text may have or not and be the same; a mark between figures is none."""


@dataclass(frozen=True, slots=True)
class Known:
    """What an item is, or was once, called under its code."""

    code: str
    sign: str
    title: str
    text: str


def known(rules: Iterable[RuleSpec]) -> list[Known]:
    return [Known(one.code, one.sign, one.title, one.text) for one in rules]


def codes(
    rules: Collection[RuleSpec],
    *,
    said: Collection[str],
    origins: Mapping[str, RuleSpec],
    present: Collection[Known],
    ever: Collection[Known],
) -> dict[str, str]:
    """For each of ``rules``, by the code it was read with: the code of the item that it is here.

    ``said``: codes that the file, or the template, gives itself; ``origins``: what it said under them when it was
    written, where that is known. ``present``: items that it may be (of the draft, of the version in force); ``ever``:
    all that a code ever meant in the town and its villages. It is a present item when the file says its code and that
    meant the same here, or when its text is that item's text, or the name of that item alone. Else its code is new.
    """
    worded = _by_code([*ever, *present])
    here = {one.code for one in present}
    found: dict[str, str] = {}
    for rule in rules:
        if rule.code in said and _stays(rule, origins.get(rule.code), worded[rule.code], here):
            found[rule.code] = rule.code
    taken = {*worded, *found.values()}
    found |= _alike([one for one in rules if one.code not in found], _free_ones(present, found))
    taken |= set(found.values())
    spare = Spare({*taken, *(rule.code for rule in rules)})
    for rule in rules:
        if rule.code not in found:
            found[rule.code] = spare.take(rule.code) if rule.code in taken else rule.code
    return found


def recoded(book: Rulebook, told: Mapping[str, str]) -> Rulebook:
    """``book`` with the codes of ``told``, wherever it names an item."""
    if all(old == new for old, new in told.items()):
        return book
    rules = tuple(_recoded(rule, told) for rule in book.rules)
    limits = tuple(
        limit.model_copy(update={"rules": tuple(told.get(code, code) for code in limit.rules)})
        for limit in book.settings.limits
    )
    settings = book.settings.model_copy(update={"limits": limits})
    return book.model_copy(update={"rules": rules, "settings": settings})


def regrouped(rules: Iterable[RuleSpec], there: Mapping[str, RuleSpec]) -> tuple[RuleSpec, ...]:
    """``rules`` whose groups (同类只计一项) are none of those of ``there``, by code the items that they stand beside or
    follow: a group's code is another's only where one of its items is in that group already."""
    found = tuple(rules)
    taken = {one.group.code for one in there.values() if one.group}
    own = {one.group.code for one in found if one.group}
    kept = {
        one.group.code
        for one in found
        if one.group and (old := there.get(one.code)) and old.group and old.group.code == one.group.code
    }
    spare = Spare(taken | own)
    told = {code: spare.take(code) for code in sorted(own & taken - kept)}
    return tuple(
        one.model_copy(update={"group": one.group.model_copy(update={"code": told[one.group.code]})})
        if one.group and one.group.code in told
        else one
        for one in found
    )


SAID = ("note", "number", "evidence", "once", "effect", "effects", "after_warning")
"""What a row may say of an item beside its price and its caps, and what it leaves as it is otherwise."""


_OWN = frozenset({"code", "sign", "category", "matter", "title", "text", "amount", "source", "figures", "active"})
"""What makes an item the one that it is, and its price."""


def laid_over(old: RuleSpec, row: RuleSpec) -> RuleSpec:
    """``old`` as a row of a list would have it, whose item it is: its price, and what else the row says.

    Where both do not go together it is ``row`` alone.
    """
    told = ((name, getattr(row, name)) for name in ("limits", *SAID))
    values = {"amount": row.amount} | {name: value for name, value in told if not _is_blank(name, value)}
    try:
        return RuleSpec.model_validate(old.model_copy(update=values).model_dump(mode="json"))
    except ValidationError:
        return row


def kept(old: RuleSpec, row: RuleSpec) -> tuple[str, ...]:
    """The fields of ``old`` that ``row`` does not speak of, and that stay when it is laid over."""
    made = laid_over(old, row)
    named = (name for name in RuleSpec.model_fields if name not in _OWN)
    return tuple(
        name for name in named
        if not _is_blank(name, getattr(old, name)) and _is_blank(name, getattr(row, name))
        and getattr(made, name) == getattr(old, name)
    )  # fmt: skip


def kept_text(old: RuleSpec, row: RuleSpec) -> str:
    """What stays of ``old`` because ``row`` does not speak of it, in words; or that both do not go together."""
    if laid_over(old, row) is row:
        return "和表里的分值合不到一起，照表里的来，原来的填写项、条件等不保留，请核对"
    named = dict.fromkeys(field_words.label([name]) for name in kept(old, row))
    return f"表里没有写的照旧：{'、'.join(named)}" if named else ""


def _is_blank(name: str, value: object) -> bool:
    return bool(value == RuleSpec.model_fields[name].get_default(call_default_factory=True))


class Spare:
    """Codes that were never taken: the wanted one, else the next number behind its letters."""

    def __init__(self, taken: Collection[str]) -> None:
        self._taken = set(taken)
        self._next: dict[str, int] = {}

    def take(self, wanted: str) -> str:
        code = wanted
        if code in self._taken:
            code = next(one for one in self._numbered(wanted) if one not in self._taken)
        self._taken.add(code)
        return code

    def _numbered(self, wanted: str) -> Iterator[str]:
        """``ml-02``, ``ml-03``, … going on where the last one of these letters was found."""
        letters = wanted.rstrip("0123456789")
        stem = letters if letters != wanted else f"{wanted[: LONGEST - 6].rstrip('-_')}-"
        while True:
            place = self._next.get(stem, int(wanted[len(letters) :] or 1)) + 1
            self._next[stem] = place
            yield f"{stem}{place:02d}"


def _by_code(known: Iterable[Known]) -> defaultdict[str, list[Known]]:
    found: defaultdict[str, list[Known]] = defaultdict(list)
    for one in known:
        found[one.code].append(one)
    return found


def _stays(rule: RuleSpec, origin: RuleSpec | None, meant: list[Known], here: Collection[str]) -> bool:
    """Whether a code that the file says is this item's here: nobody has it, or it meant the same."""
    if not meant or (origin is None and rule.code in here):
        return True
    return any(_same(origin or rule, one) for one in meant)


def _same(rule: RuleSpec, other: Known) -> bool:
    if rule.sign != other.sign:
        return False
    return plain(rule.text) == plain(other.text) or plain(rule.title) == plain(other.title)


def _free_ones(present: Iterable[Known], found: Mapping[str, str]) -> list[Known]:
    taken = set(found.values())
    return [one for one in present if one.code not in taken]


def _alike(rules: Collection[RuleSpec], present: Collection[Known]) -> dict[str, str]:
    """The items that say what a present one says; each of those once."""
    texts: defaultdict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    names: defaultdict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for one in present:
        texts[one.sign, plain(one.text)][one.code] = plain(one.title)
        names[one.sign, plain(one.title)][one.code] = plain(one.title)
    found: dict[str, str] = {}
    taken: set[str] = set()
    for worded in (texts, names):
        for rule in rules:
            at = worded.get((rule.sign, plain(rule.text)), {}) if rule.code not in found else {}
            code = _the_one(rule, {one: title for one, title in at.items() if one not in taken})
            if code is not None:
                found[rule.code] = code
                taken.add(code)
    return found


def _the_one(rule: RuleSpec, candidates: Mapping[str, str]) -> str | None:
    """The only one; of several the only one with the same name."""
    named = [code for code, title in candidates.items() if title == plain(rule.title)]
    for one in (list(candidates), named):
        if len(one) == 1:
            return one[0]
    return None


def plain(text: str) -> str:
    """``text`` without its marks and spaces."""
    return _MARKS.sub("", unicodedata.normalize("NFKC", text))


def _recoded(rule: RuleSpec, told: Mapping[str, str]) -> RuleSpec:
    changes: dict[str, object] = {"code": told.get(rule.code, rule.code)}
    if rule.not_with:
        changes["not_with"] = rule.not_with.model_copy(update={"rules": _all(rule.not_with.rules, told)})
    if rule.repair:
        changes["repair"] = rule.repair.model_copy(update={"rules": _all(rule.repair.rules, told)})
    if rule.after_warning and rule.after_warning.rule:
        other = told.get(rule.after_warning.rule, rule.after_warning.rule)
        changes["after_warning"] = rule.after_warning.model_copy(update={"rule": other})
    return rule.model_copy(update=changes)


def _all(codes: Iterable[str], told: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(told.get(code, code) for code in codes)
