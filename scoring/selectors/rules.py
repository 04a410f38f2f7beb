"""Which rules hold where and when, and how the engine reads them."""

import json
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from django.db.models import Q, QuerySet

from scoring.models import JUDGING, Rule, Rulebook
from scoring.rules.spec import RuleSpec
from tenants.community.models import Village


def spec_of(rule: Rule) -> RuleSpec:
    """The rule as the engine reads it."""
    return _spec(json.dumps(rule.spec, sort_keys=True))


@lru_cache(maxsize=2048)
def _spec(text: str) -> RuleSpec:
    return RuleSpec.model_validate_json(text)


def rules_in_force(village: Village, day: date) -> QuerySet[Rule]:
    """The rules that judge a deed of ``day`` in ``village``: its own rulebook's when it has one, else the town's."""
    return Rule.objects.filter(version__in=versions_in_force(village.pk, day)[:1]).order_by("position")


def versions_in_force(village_id: int, day: date) -> list[int]:
    """Ids of the versions that judge that day: the village's own first, then the town's.

    What a village changes of the town's rules (an overlay) ends with them.
    """
    found = _dated(village_id, day)
    has_town = any(one.is_town for one in found)
    return [one.version for one in found if has_town or not one.is_overlay]


def versions_dated(village_id: int, day: date) -> list[int]:
    """The same by their own dates: what an overlay says of balances and classes goes on when the town's rules ended."""
    return [one.version for one in _dated(village_id, day)]


class _Dated(NamedTuple):
    is_town: bool
    version: int
    is_overlay: bool


def _dated(village_id: int, day: date) -> list[_Dated]:
    books = Rulebook.objects.filter(
        Q(village_id=village_id) | Q(village=None),
        Q(versions__effective_to=None) | Q(versions__effective_to__gt=day),
        versions__state__in=JUDGING,
        versions__effective_from__lte=day,
    )
    rows = books.values_list("village_id", "versions__id", "versions__town_version")
    return sorted(_Dated(village is None, version, town is not None) for village, version, town in rows)
