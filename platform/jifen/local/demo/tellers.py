"""Who tells of a deed, by which way, and under whose account it comes in."""

import random
from dataclasses import dataclass

from jifen.kernel.actors import Actor
from jifen.local.demo import who
from scoring.models import Rule
from tenants.community.models import Household, Resident

CHANNELS = ("oral", "phone", "wechat", "window", "online", "sms")
VILLAGERS = ("self", "neighbour", "group_leader")
BY_VILLAGERS = ("wechat", "phone", "online", "qq", "oral")
SHARE = 0.07
"""How often a villager tells of a single deed, where its rule lets her."""


@dataclass(frozen=True, slots=True)
class Teller:
    declared_by: str
    declarer: Resident | None
    channel: str
    by: Actor


def draw(household: Household, rule: Rule, share: float, source: random.Random) -> Teller:
    """A villager in ``share`` of all cases, as far as the rule lets villagers declare; else the steward."""
    allowed = [one for one in VILLAGERS if one in rule.spec["declarers"]]
    if source.random() >= share or not allowed:
        return Teller("steward", None, source.choice(CHANNELS), who.steward(household.village))
    return _villager(household, source.choice(allowed), source)


def _villager(household: Household, declared_by: str, source: random.Random) -> Teller:
    """Online she hands it in herself; otherwise the steward writes it down for her."""
    declarer = _declarer(household, declared_by, source)
    channel = source.choice(BY_VILLAGERS)
    by = who.account(declarer) if declarer and channel == "online" else who.steward(household.village)
    return Teller(declared_by, declarer, channel, by)


def _declarer(household: Household, declared_by: str, source: random.Random) -> Resident | None:
    if declared_by == "self":
        return household.head
    if declared_by == "group_leader":
        return who.group_leader(household.village)
    return source.choice([other.head for other in who.joined(household.village_id) if other.pk != household.pk])
