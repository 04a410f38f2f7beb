"""A village's rulebook as changes on its town's version, and how far the town lets it go (pure).

``apply(town, Overlay()) == town``, and applying an overlay twice is applying it once. Nothing is locked by default
(the seeds' lists are 建议 and 参考): what a town locks, bounds or limits are the ``Bounds`` of its version.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import Field, ValidationError, model_validator

from jifen.kernel.errors import InvalidInput
from scoring.rules import field_words
from scoring.rules import problems as faults
from scoring.rules.base import Count, Model, NotNegative, Positive, Slug, plain, refused
from scoring.rules.spec import Category, Formula, Percent, Range, Rulebook, RuleSpec, ScoreCard, Tiers
from scoring.rules.spec_amounts import AnyAmount

AMENDABLE = frozenset(
    {"number", "title", "text", "matter", "amount", "limits", "once", "cooldown", "evidence", "conditions", "note"}
)
"""Fields of a town's item that a village may change: its price and caps, its name and words, what it asks."""

Body = dict[str, Any]


class Off(Model):
    """The village does without the item."""

    kind: Literal["off"] = "off"
    code: Slug


class Amend(Model):
    """Fields of the item as the village has them, as JSON writes them: ``{"amount": {…}, "title": "…"}``."""

    kind: Literal["amend"] = "amend"
    code: Slug
    values: dict[str, Any]

    @model_validator(mode="after")
    def _only_what_may_change(self) -> Self:
        foreign = sorted(set(self.values) - AMENDABLE)
        if foreign or not self.values:
            known = "、".join(dict.fromkeys(field_words.label([name]) for name in sorted(AMENDABLE)))
            wrong = "、".join(f"{field_words.label([name])}（{name}）" for name in foreign)
            raise refused("amend", f"村里能改的是{known}，不能改{wrong or '空的'}")
        return self


class Add(Model):
    """An item of the village's own."""

    kind: Literal["add"] = "add"
    rule: RuleSpec

    @property
    def code(self) -> str:
        return self.rule.code


Change = Annotated[Off | Amend | Add, Field(discriminator="kind")]


class Overlay(Model):
    """The changes, at most one for a code, and main classes of the village's own items that the town has not."""

    changes: Annotated[tuple[Change, ...], Field(strict=False)] = ()
    categories: Annotated[tuple[Category, ...], Field(strict=False)] = ()

    @model_validator(mode="after")
    def _codes_differ(self) -> Self:
        codes = [change.code for change in self.changes]
        if len(set(codes)) < len(codes):
            raise refused("overlay", "同一条目有两处改动")
        return self

    def by_code(self) -> dict[str, Off | Amend | Add]:
        return {change.code: change for change in self.changes}

    @property
    def own(self) -> tuple[RuleSpec, ...]:
        return tuple(change.rule for change in self.changes if isinstance(change, Add))


class ItemBound(Model):
    """What a town fixes about one of its items. ``least`` and ``most`` hold for each figure of its amount."""

    code: Slug
    locked: bool = Field(default=False, description="村里不能改、不能停用")
    keep: bool = Field(default=False, description="村里不能停用")
    least: NotNegative | None = Field(default=None, description="村里最少定几分")
    most: Positive | None = Field(default=None, description="村里最多定几分")
    cap_most: Positive | None = Field(default=None, description="每项上限最多几分、几次")

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.least is not None and self.most is not None and self.least > self.most:
            raise refused("bound", "最少分值高于最多分值")
        return self


class Slots(Model):
    """How many items of its own a village may add, up to how many points each, and in which main classes."""

    number: Annotated[int, Field(ge=0, le=1000)] | None = None
    points: Positive | None = Field(default=None, description="每条最多几分")
    categories: Annotated[tuple[str, ...], Field(strict=False)] = Field(default=(), description="空：不限大类")


class Bounds(Model):
    """The town's word on what villages may change; empty: everything."""

    items: Annotated[tuple[ItemBound, ...], Field(strict=False)] = ()
    slots: Slots = Slots()
    amended_most: Count | None = Field(default=None, description="最多改动几条镇里的条目")

    def of(self, code: str) -> ItemBound | None:
        return next((bound for bound in self.items if bound.code == code), None)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one item, by its code; an empty code is about the whole."""

    code: str
    text: str


class OverlayInvalid(InvalidInput):
    """``data["problems"]`` lists (code, text)."""

    code = "overlay_invalid"
    default_field = "items"

    @classmethod
    def of(cls, problems: Iterable[Problem]) -> "OverlayInvalid":
        found = list(problems)
        shown = "；".join(problem.text for problem in found[:5])
        return cls(f"有{len(found)}处不合适：{shown}。", problems=[(one.code, one.text) for one in found])


def apply(town: Rulebook, overlay: Overlay) -> Rulebook:
    """The village's rulebook: the town's items as changed, in the town's order, then each class's own items.

    Raises:
        OverlayInvalid: a change is about no item of the town, its values make no item, or a code is taken.
    """
    changes = overlay.by_code()
    problems = unfit(town, overlay)
    if problems:
        raise OverlayInvalid.of(problems)
    rules = [rule_after(rule, changes.get(rule.code)) for rule in town.rules]
    known = {rule.code for rule in town.rules}
    added = [rule for rule in overlay.own if rule.code not in known]
    names = {category.name for category in town.categories}
    categories = (*town.categories, *(one for one in overlay.categories if one.name not in names))
    rest = {name: getattr(town, name) for name in Rulebook.model_fields}
    try:
        return Rulebook.model_validate({**rest, "categories": categories, "rules": tuple(_placed(rules, added))})
    except ValidationError as error:
        raise OverlayInvalid.of([Problem("", reason(error))]) from error


def unfit(town: Rulebook, overlay: Overlay) -> list[Problem]:
    """Why the overlay cannot be applied to this version of the town; empty when it can."""
    known = {rule.code: rule for rule in town.rules}
    categories = {one.name for one in (*town.categories, *overlay.categories)}
    found = [_unfit(change, known, categories) for change in overlay.changes]
    return [problem for problem in found if problem is not None]


def amended(rule: RuleSpec, values: Mapping[str, Any]) -> RuleSpec:
    """``rule`` with some fields as JSON writes them; pydantic's ValidationError when they make no item."""
    return RuleSpec.model_validate({**rule.model_dump(mode="json"), **values})


def rule_after(rule: RuleSpec, change: Off | Amend | Add | None) -> RuleSpec:
    """The town's item as the village has it."""
    match change:
        case Off():
            return rule.model_copy(update={"active": False})
        case Amend():
            return amended(rule, change.values)
        case _:
            return rule


def violations(town: Rulebook, overlay: Overlay, bounds: Bounds) -> list[Problem]:
    """Where the overlay goes further than the town allows; each names the item."""
    known = {rule.code: rule for rule in town.rules}
    found: list[Problem] = []
    for change in overlay.changes:
        if isinstance(change, Add):
            found += _slot_problems(change.rule, bounds.slots)
        elif change.code in known:
            found += _bound_problems(known[change.code], change, bounds.of(change.code))
    return found + _numbers(overlay, bounds, {code: rule.title for code, rule in known.items()})


def misfits(rules: Iterable[RuleSpec], bounds: Bounds) -> list[Problem]:
    """The town's own items that stand outside of what it lets villages give: one of both is a slip."""
    told = ((rule, bound) for rule in rules if (bound := bounds.of(rule.code)))
    return [
        Problem(rule.code, f"“{rule.title}”现在是{rule.price_text}，不在给村里规定的范围里（{_range(bound)}）")
        for rule, bound in told
        if _is_outside(rule, bound)
    ]


def figures(amount: AnyAmount) -> list[Decimal] | None:
    """Every number of points that an amount states; None when it has no highest."""
    match amount:
        case Range(least=least, most=most):
            return [least, most]
        case Tiers(tiers=tiers):
            return [abs(end) for tier in tiers for end in dict.fromkeys(tier.ends)]
        case Percent(most=most) | Formula(most=most):
            return [most] if most is not None else None
        case ScoreCard(grades=()):
            return [amount.full * amount.factor]
        case _:
            return [abs(Decimal(value)) for value in _points_in(amount.model_dump(mode="json"))]


def _points_in(node: Any) -> Iterable[str]:
    if isinstance(node, list):
        for one in node:
            yield from _points_in(one)
    elif isinstance(node, dict):
        yield from ([node["points"]] if "points" in node else [])
        for value in node.values():
            yield from _points_in(value)


def _placed(rules: list[RuleSpec], added: list[RuleSpec]) -> list[RuleSpec]:
    """Each own item behind the last item of its class; those of a class of their own at the end."""
    last = {rule.category: place for place, rule in enumerate(rules)}
    behind: dict[int, list[RuleSpec]] = {}
    for rule in added:
        behind.setdefault(last.get(rule.category, len(rules)), []).append(rule)
    placed = [one for place, rule in enumerate(rules) for one in (rule, *behind.get(place, ()))]
    return placed + behind.get(len(rules), [])


def _unfit(change: Off | Amend | Add, known: Mapping[str, RuleSpec], categories: set[str]) -> Problem | None:
    town = known.get(change.code)
    if isinstance(change, Add):
        return _unfit_own(change.rule, town, categories)
    if town is None:
        return Problem(change.code, f"镇里的细则没有 {change.code} 这一条，不能改动或停用")
    if isinstance(change, Amend):
        try:
            amended(town, change.values)
        except ValidationError as error:
            return Problem(change.code, f"“{town.title}”：{reason(error)}")
    return None


def _unfit_own(rule: RuleSpec, town: RuleSpec | None, categories: set[str]) -> Problem | None:
    if town is not None and town != rule:
        return Problem(rule.code, f"“{rule.title}”的编号 {rule.code} 和镇里的“{town.title}”相同，请换一个编号")
    if rule.category not in categories:
        return Problem(rule.code, f"“{rule.title}”的大类“{rule.category}”不在细则里")
    return None


def reason(error: ValidationError) -> str:
    """The first fault in Chinese, with the field that it is about."""
    return faults.told(error.errors()[0])


def _bound_problems(town: RuleSpec, change: Off | Amend, bound: ItemBound | None) -> list[Problem]:
    if bound is None:
        return []
    if bound.locked:
        return [Problem(town.code, f"“{town.title}”由镇里统一规定，村里不能改动")]
    if isinstance(change, Off):
        return [Problem(town.code, f"“{town.title}”镇里要求保留，村里不能停用")] if bound.keep else []
    rule = amended(town, change.values)
    return [Problem(town.code, text) for text in (*_outside(town, rule, bound), *_over(rule, bound))]


def _outside(town: RuleSpec, rule: RuleSpec, bound: ItemBound) -> Iterable[str]:
    """Figures outside the town's range; another kind of amount cannot be compared with it."""
    if bound.least is None and bound.most is None:
        return
    if rule.amount.kind != town.amount.kind:
        yield f"“{rule.title}”镇里规定了分值范围，计分方式不能改"
        return
    if _is_outside(rule, bound):
        yield f"“{rule.title}”的分值应在镇里规定的范围内（{_range(bound)}）"


def _is_outside(rule: RuleSpec, bound: ItemBound) -> bool:
    if bound.least is None and bound.most is None:
        return False
    least, most = bound.least or Decimal(0), bound.most
    found = figures(rule.amount)
    return found is None or any(value < least or (most is not None and value > most) for value in found)


def ruled(bound: ItemBound | None) -> str:
    """What a town fixes about an item that villages may change all the same; empty where it fixes nothing."""
    if bound is None or bound.locked:
        return ""
    parts = [f"分值{_range(bound)}"] if bound.least is not None or bound.most is not None else []
    parts += [f"要设上限，每项不超过{plain(bound.cap_most)}"] if bound.cap_most is not None else []
    return "，".join([*parts, *(["不能停用"] if bound.keep else [])])


def _range(bound: ItemBound) -> str:
    least = plain(bound.least or Decimal(0))
    return f"{least}至{plain(bound.most)}分" if bound.most is not None else f"不少于{least}分"


def _over(rule: RuleSpec, bound: ItemBound) -> Iterable[str]:
    if bound.cap_most is None:
        return
    if not rule.limits:
        yield f"“{rule.title}”镇里要求设上限，不能取消"
    elif any(limit.value > bound.cap_most for limit in rule.limits):
        yield f"“{rule.title}”的上限不能超过镇里规定的{plain(bound.cap_most)}"


def _slot_problems(rule: RuleSpec, slots: Slots) -> list[Problem]:
    found = []
    stated = figures(rule.amount)
    series = rule.repeat.amounts if rule.repeat else ()
    if slots.points is not None and (stated is None or any(value > slots.points for value in (*stated, *series))):
        found.append(f"村里自加的“{rule.title}”每条最多{plain(slots.points)}分")
    if slots.categories and rule.category not in slots.categories:
        found.append(f"村里自加的“{rule.title}”只能放在{'、'.join(slots.categories)}里")
    return [Problem(rule.code, text) for text in found]


def _numbers(overlay: Overlay, bounds: Bounds, titles: Mapping[str, str]) -> list[Problem]:
    own, most = overlay.own, bounds.slots.number
    changed = [change for change in overlay.changes if not isinstance(change, Add)]
    told = f"镇里的条目最多改动{bounds.amended_most}条"
    spare = own[most:] if most is not None else ()
    over = changed[bounds.amended_most :] if bounds.amended_most is not None else ()
    return [
        *(Problem(rule.code, f"村里最多自加{most}条，“{rule.title}”超出了") for rule in spare),
        *(Problem(one.code, f"{told}，“{titles.get(one.code, one.code)}”超出了") for one in over),
    ]
