"""Items as pages list them: by main class, what adds on one side, what takes on the other."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from jifen.kernel import pinyin
from scoring.rules import phrases
from scoring.rules.spec import RuleSpec
from scoring.selectors.drafts import Line

STATES = {"off": "本村停用", "amend": "本村改过", "add": "本村新增"}
UNFINISHED = "未写完的条目"
NAMELESS = "还没有名称"


@dataclass(frozen=True, slots=True)
class Entry:
    """An item in words. ``line``: where it stands in a draft, None in a version."""

    code: str
    title: str
    text: str
    matter: str
    price: str
    caps: str
    sign: str
    active: bool = True
    state: str = ""
    line: Line | None = None

    @property
    def is_negative(self) -> bool:
        return self.sign == "negative"


@dataclass(slots=True)
class Shelf:
    name: str
    positive: list[Entry] = field(default_factory=list)
    negative: list[Entry] = field(default_factory=list)


def shelves(rules: Iterable[RuleSpec], words: str = "") -> list[Shelf]:
    """A rulebook's items; only those that contain all ``words``."""
    return _shelved((rule.category, rule.sign, entry_of(rule)) for rule in rules if has(rule, words))


def shelves_of(lines: Iterable[Line], words: str = "") -> list[Shelf]:
    """A draft's items, unfinished ones too."""
    return _shelved(_line(line) for line in lines if _line_has(line, words))


def entry_of(rule: RuleSpec, line: Line | None = None, state: str = "") -> Entry:
    """A finished item."""
    caps = [*filter(None, [rule.window_text]), *(phrases.limit(rule, one) for one in rule.effective_limits)]
    return Entry(
        rule.code, rule.title, rule.text, rule.matter, rule.price_text, "，".join(caps), rule.sign, rule.active, state,
        line,
    )  # fmt: skip


def body_of(line: Line) -> dict[str, Any]:
    """The item's rule as it stands, perhaps unfinished: a village's change laid over the town's."""
    if line.item is None:
        return line.town.model_dump(mode="json") if line.town else {}
    body = line.item.body
    if line.kind == "rule":
        return dict(body)
    if line.kind == "add":
        return dict(body.get("rule") or {})
    town = line.town.model_dump(mode="json") if line.town else {}
    return town | dict(body.get("values") or {})


def title_in(body: dict[str, Any]) -> str:
    """How a body that is kept names its item; empty while nobody has, and where it only changes the town's."""
    own = body.get("rule", body)
    return _word(own, "title") if isinstance(own, dict) else ""


def _line(line: Line) -> tuple[str, str, Entry]:
    state = STATES.get(line.kind, "")
    rule = line.rule or (line.town if line.kind == "off" else None)
    if rule is not None:
        entry = entry_of(rule, line, state)
        return rule.category, rule.sign, entry
    body = body_of(line)
    sign, title = _word(body, "sign") or "positive", _word(body, "title") or NAMELESS
    is_on = body.get("active") is not False
    entry = Entry(line.code, title, "", _word(body, "matter"), "待填", "", sign, is_on, state, line)
    return _word(body, "category") or UNFINISHED, sign, entry


def _word(body: dict[str, Any], name: str) -> str:
    found = body.get(name)
    return found if isinstance(found, str) else ""


def _shelved(found: Iterable[tuple[str, str, Entry]]) -> list[Shelf]:
    made: dict[str, Shelf] = {}
    for category, sign, entry in found:
        shelf = made.setdefault(category, Shelf(category))
        (shelf.negative if sign == "negative" else shelf.positive).append(entry)
    return list(made.values())


def has(rule: RuleSpec, words: str) -> bool:
    """Whether the item contains all ``words``; its names also by pinyin and initials."""
    told = f"{rule.title}{rule.text}{rule.category}{rule.matter}{rule.number or ''}"
    return pinyin.found(words, told, rule.title, rule.matter, rule.category)


def _line_has(line: Line, words: str) -> bool:
    body = body_of(line)
    told = "".join(_word(body, name) for name in ("title", "text", "category", "matter", "number"))
    return pinyin.found(words, told, *(_word(body, name) for name in ("title", "matter", "category")))
