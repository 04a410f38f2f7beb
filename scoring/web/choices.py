"""The rulebook as a page offers it: by category, the village's usual rules first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count

from jifen.kernel import clock, pinyin
from scoring.models import Declaration, Declarer, Rule, RulebookVersion
from scoring.rules import phrases
from scoring.rules.spec import Limit, RuleSpec
from scoring.selectors import endings, rules_in_force, spec_of
from scoring.selectors.books import shared_caps
from tenants.community.models import Village

USUAL = 6
LOOK_BACK = timedelta(days=120)


@dataclass(frozen=True, slots=True)
class Tile:
    """A rule as a tile: its words and its price; ``effects``: what else follows, as the printed rulebook says it."""

    rule: Rule
    price: str
    source: str
    limits: str
    is_off: bool = False
    effects: tuple[str, ...] = ()

    @property
    def is_negative(self) -> bool:
        return self.rule.sign == "negative"


@dataclass(frozen=True, slots=True)
class Shelf:
    name: str
    tiles: list[Tile]


def tile(rule: Rule, shared: Iterable[str] = ()) -> Tile:
    """``shared``: the combined caps that name the rule, in words."""
    spec = spec_of(rule)
    limits = [
        *filter(None, [spec.window_text, phrases.consent(spec)]),
        *(_limit(spec, one) for one in spec.effective_limits),
    ]
    told = "，".join([*limits, *shared])
    return Tile(rule, spec.price_text, spec.source.section, told, not spec.active, tuple(phrases.effects(spec)))


def whole_tile(rule: Rule) -> Tile:
    """The tile of a rule that stands alone: its combined caps too."""
    return tile(rule, shared_caps(rule.version).get(rule.code, ()))


def _limit(spec: RuleSpec, one: Limit) -> str:
    return phrases.limit(spec, one) + ("（示例）" if one.figures == "example" else "")


def shelves(village: Village, day: date, *, words: str = "", declarer: str = "") -> list[Shelf]:
    """The rules in force by category; only those that contain ``words`` or that ``declarer`` may tell of."""
    found: dict[str, list[Tile]] = {}
    for rule in rules_in_force(village, day):
        spec = spec_of(rule)
        if rule.subject == "group" or not spec.counts_on(day) or (declarer and declarer not in spec.declarers):
            continue
        told = f"{rule.title}{rule.text}{rule.category}{rule.matter}"
        if pinyin.found(words, told, rule.title, rule.matter, rule.category):
            found.setdefault(rule.category, []).append(tile(rule))
    return [Shelf(name, tiles) for name, tiles in found.items()]


def ended(village: Village, found: list[Shelf]) -> dict[str, RulebookVersion | None]:
    """For a page that found no items: the version whose end left the village without any."""
    return {"ended": None if found else endings.ended(village.pk, clock.today())}


def usual(village: Village) -> list[Tile]:
    """What the village recorded most, singly, in the last months, is still in force and the steward's to record."""
    in_force = rules_in_force(village, clock.today()).exclude(subject="group")
    counted = (
        Declaration.objects.filter(
            village=village, rule__in=in_force, happened_on__gte=clock.today() - LOOK_BACK, batch=None
        )
        .values("rule")
        .annotate(times=Count("pk"))
        .order_by("-times")[:USUAL]
    )
    rules = in_force.in_bulk([row["rule"] for row in counted])
    found = [rules[row["rule"]] for row in counted]
    offered = [(rule, spec_of(rule)) for rule in found]
    return [
        tile(rule) for rule, spec in offered if spec.counts_on(clock.today()) and Declarer.STEWARD in spec.declarers
    ]
