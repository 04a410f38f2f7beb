"""What a check says: which items, how bad, in words, and what would mend it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

from scoring.rules.spec import Rulebook, RuleSpec

Severity = Literal["blocking", "sign_off", "hint"]
SEVERITIES: dict[Severity, str] = {"blocking": "须改正", "sign_off": "须签署理由", "hint": "提示"}
ORDER: dict[Severity, int] = {"blocking": 0, "sign_off": 1, "hint": 2}


@dataclass(frozen=True, slots=True)
class Change:
    """``values``: fields of the item ``code`` as JSON has them; None takes the item out."""

    code: str
    values: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class Mend:
    """A proposal in words; ``changes`` carry it out with one click, and are empty where a person has to choose."""

    text: str
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """``kind`` names the check (``two_prices``), ``codes`` the items; ``blocking`` ones are mended or signed off."""

    kind: str
    severity: Severity
    codes: tuple[str, ...]
    text: str
    remedy: Mend | None = None

    @property
    def blocking(self) -> bool:
        return self.severity != "hint"

    @property
    def mend(self) -> str:
        """The proposal in words; empty without one."""
        return self.remedy.text if self.remedy else ""

    @property
    def changes(self) -> tuple[tuple[str, Mapping[str, Any] | None], ...]:
        """What the proposal changes, item by item; empty where a person has to choose."""
        return tuple((change.code, change.values) for change in self.remedy.changes) if self.remedy else ()


@dataclass(frozen=True, slots=True)
class Past:
    """The last twelve months: the median household's yearly gain, the highest one, and by item the most that one
    household got under it. Points; zero and absent where nothing is known."""

    median: Decimal = Decimal(0)
    highest: Decimal = Decimal(0)
    most_by_rule: Mapping[str, Decimal] = field(default_factory=dict)


def active(book: Rulebook) -> list[RuleSpec]:
    """The items that count."""
    return [rule for rule in book.rules if rule.active]


def names(rules: Iterable[RuleSpec]) -> str:
    """“植树”、“清扫院落”."""
    return "、".join(f"“{rule.title}”" for rule in rules)


def only(rule: RuleSpec, **values: Any) -> tuple[Change, ...]:
    """One change of one item."""
    return (Change(rule.code, values),)


def switched_off(rule: RuleSpec) -> tuple[Change, ...]:
    return only(rule, active=False)


def dumped(items: Iterable[Any]) -> list[Any]:
    """Models as JSON has them."""
    return [item.model_dump(mode="json") for item in items]


def apply(book: Rulebook, mend: Mend) -> Rulebook:
    """``book`` as mended; pydantic's ValidationError when it changed so much meanwhile that the mend does not fit."""
    changes = {change.code: change.values for change in mend.changes}
    rules = tuple(_changed(rule, changes) for rule in book.rules if changes.get(rule.code, True) is not None)
    rest = {name: getattr(book, name) for name in Rulebook.model_fields}
    return Rulebook.model_validate({**rest, "rules": rules})


def _changed(rule: RuleSpec, changes: Mapping[str, Mapping[str, Any] | None]) -> RuleSpec:
    values = changes.get(rule.code)
    return RuleSpec.model_validate({**rule.model_dump(mode="json"), **values}) if values else rule


Found = Iterator[Finding]
