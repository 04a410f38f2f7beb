"""自动采集: keys for devices and departments, and the deeds that they send."""

import secrets
from collections.abc import Mapping
from datetime import date, time
from typing import Any

from django.db import transaction

from jifen.audit import services as audit
from jifen.kernel import clock
from jifen.kernel.actors import Actor
from scoring import feed_errors as errors
from scoring.models import Channel, Declaration, Declarer, FeedKey, Rule
from scoring.rules.spec import RuleSpec
from scoring.selectors import feeds as selectors
from scoring.selectors import rules_in_force, spec_of
from scoring.services import declarations, deeds
from tenants.community import selectors as community
from tenants.community.models import Household, Resident

REALM = "feed"
"""Of the actor that a key is: no account, so that no account's id is ever taken for it."""

_CHANNELS = {"device": Channel.DEVICE, "department": Channel.ONLINE}


@transaction.atomic
def open_key(*, feed: str, name: str, by: Actor) -> tuple[FeedKey, str]:
    """A key for the feed that rules name by the code ``feed``, and its text, which is shown this once.

    Raises:
        FeedUnknown, FeedNameMissing: nothing is written.
    """
    if feed not in {one.code for one in selectors.sources()}:
        raise errors.FeedUnknown
    if not 0 < len(name.strip()) <= 60:
        raise errors.FeedNameMissing
    text = secrets.token_urlsafe(32)
    told: dict[str, Any] = {"name": name.strip(), "feed": feed, "digest": selectors.digest(text)}
    key = FeedKey.objects.create(**told, made_at=clock.now(), **by.columns())
    audit.record(by=by, action="feed_key.open", subject=key, feed=feed, name=key.name)
    return key, text


@transaction.atomic
def revoke_key(*, key: FeedKey, by: Actor) -> None:
    """From now on it opens nothing; what it sent stays.

    Raises:
        FeedKeyRevoked: it was revoked before.
    """
    alive = FeedKey.objects.filter(pk=key.pk, revoked_at=None)
    if not alive.update(revoked_at=clock.now(), revoked_by_name=by.name):
        raise errors.FeedKeyRevoked
    audit.record(by=by, action="feed_key.revoke", subject=key, feed=key.feed, name=key.name)


@transaction.atomic
def record(
    *,
    key: FeedKey,
    source_id: str,
    rule: str,
    happened_on: date,
    household: str = "",
    resident: int | None = None,
    happened_time: time | None = None,
    place: str = "",
    reason: str = "",
    facts: Mapping[str, Any],
) -> Declaration:
    """Write down one deed that the holder of ``key`` sent; ``rule`` is the item's code, ``household`` the number.

    The same ``source_id`` (the source's own) answers with the first record, whichever of the feed's keys brings it.

    Raises:
        FeedWhoMissing, FeedHouseholdUnknown, FeedPersonUnknown: whose deed it is. FeedRuleForeign: the rule is none
        of this feed's. What ``declarations.record`` raises. Nothing is written.
    """
    home, person = _who(household, resident, happened_on)
    found, spec = _rule(key, rule, home, happened_on)
    return declarations.record(
        household=home,
        resident=person,
        rule=found,
        happened_on=happened_on,
        happened_time=happened_time,
        place=place or home.village.name,
        reason=reason or f"{key.name}送来",
        channel=_CHANNELS[spec.feed.kind] if spec.feed else Channel.DEVICE,
        declared_by=Declarer.FEED,
        feed=key.feed,
        facts=facts,
        by=Actor(REALM, key.pk, key.name),
        idempotency_key=_once(key.feed, source_id),
    )


def _once(feed: str, source_id: str) -> str:
    return f"feed:{selectors.digest(f'{feed} {source_id}')}"


def _who(number: str, person: int | None, day: date) -> tuple[Household, Resident | None]:
    if not number and person is None:
        raise errors.FeedWhoMissing
    resident = Resident.objects.filter(pk=person).first() if person is not None else None
    if person is not None and resident is None:
        raise errors.FeedPersonUnknown
    if number:
        household = Household.objects.select_related("village").filter(number=number).first()
        if household is None:
            raise errors.FeedHouseholdUnknown
        return household, resident
    own = community.member_household(resident, day) if resident else None
    if own is None:
        raise errors.FeedPersonUnknown
    return own, resident


def _rule(key: FeedKey, code: str, household: Household, day: date) -> tuple[Rule, RuleSpec]:
    found = rules_in_force(household.village, day).filter(code=code).first()
    spec = spec_of(found) if found else None
    if found is None:
        deeds.check_not_ended(household.village_id, day)
    if found is None or spec is None or spec.feed is None or spec.feed.code != key.feed:
        raise errors.FeedRuleForeign(rule=found.title if found else code, day=day)
    return found, spec
