"""Devices and departments that send deeds: whom rules name, and whose a key is."""

import hashlib
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from jifen.kernel import clock
from scoring import feed_errors as errors
from scoring.models import JUDGING, FeedKey, Rule
from scoring.selectors.rules import spec_of


@dataclass(frozen=True, slots=True)
class Source:
    """A feed as the rulebooks name it; ``rules``: titles of its items."""

    code: str
    name: str
    kind: str
    rules: tuple[str, ...]


def sources() -> list[Source]:
    """The feeds that rules in force, or still to come, name: the town's and its villages'."""
    lasting = Q(version__effective_to=None) | Q(version__effective_to__gt=clock.today())
    rows = Rule.objects.filter(lasting, version__state__in=JUDGING, spec__feed__code__isnull=False)
    found: dict[str, Source] = {}
    for rule in rows.order_by("version__rulebook__village", "version", "position"):
        feed = spec_of(rule).feed
        if feed is not None:
            known = found.get(feed.code, Source(feed.code, feed.name, feed.kind, ()))
            titles = dict.fromkeys((*known.rules, rule.title))
            found[feed.code] = Source(feed.code, known.name, known.kind, tuple(titles))
    return list(found.values())


def all_keys() -> QuerySet[FeedKey]:
    """All there were, the newest first."""
    return FeedKey.objects.all()


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def key_of(text: str) -> FeedKey:
    """The key of this town whose text it is.

    Raises:
        FeedKeyRefused: none of this town's, or revoked.
    """
    found = FeedKey.objects.filter(digest=digest(text), revoked_at=None).first()
    if found is None:
        raise errors.FeedKeyRefused
    return found
