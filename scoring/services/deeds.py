"""What makes a deed acceptable: shared by single records and batches. What it is worth: ``pricing``."""

from dataclasses import dataclass
from datetime import date

from jifen.kernel import clock
from scoring import errors, locks, year_errors
from scoring.feed_errors import FeedOnly
from scoring.models import Channel, Declarer, Rule
from scoring.rulebook_errors import RulesEnded
from scoring.selectors.endings import ended
from scoring.selectors.rules import spec_of, versions_in_force
from tenants.community.models import Household, Resident


@dataclass(frozen=True, slots=True)
class Telling:
    """The circumstances of a deed as they were told."""

    happened_on: date
    place: str
    reason: str
    channel: str
    declared_by: str

    def check(self) -> None:
        """Raises DeedInFuture, YearNotOpen, YearSealed, PlaceMissing, ReasonMissing or ChannelUnknown."""
        if self.happened_on > clock.today():
            raise errors.DeedInFuture
        locks.open_year(self.happened_on.year, year_errors.DEED)
        if not 0 < len(self.place.strip()) <= 80:
            raise errors.PlaceMissing
        if not 0 < len(self.reason.strip()) <= 300:
            raise errors.ReasonMissing
        if self.channel not in Channel.values:
            raise errors.ChannelUnknown


def check_rule(rule: Rule, *, village_id: int, day: date) -> None:
    """The rule is in force on ``day`` in the rulebook that the village uses that day; RuleOutOfForce, RulesEnded."""
    if rule.version_id in versions_in_force(village_id, day)[:1]:
        return
    check_not_ended(village_id, day)
    raise errors.RuleOutOfForce(rule=rule.title, day=day)


def check_not_ended(village_id: int, day: date) -> None:
    """RulesEnded: the rules by which the village lived have ended, and none have followed on ``day``."""
    last = ended(village_id, day)
    if last is not None:
        raise RulesEnded(title=last.rulebook.title, day=last.last_day)


def check_declarer(rule: Rule, *, declared_by: str, feed: str = "") -> None:
    """The rule may be declared by such a person; DeclarerNotAllowed.

    ``feed``: the code of the feed whose key was shown; without one nobody is a feed: FeedOnly.
    """
    allowed = spec_of(rule).declarers
    if (declared_by == Declarer.FEED) != bool(feed):
        raise FeedOnly
    if declared_by not in allowed:
        names = "、".join(Declarer(name).label for name in allowed)
        told = Declarer(declared_by).label if declared_by in Declarer.values else declared_by
        raise errors.DeclarerNotAllowed(rule=rule.title, declarer=told, allowed=names)


def check_village(household: Household, village_id: int) -> None:
    if household.village_id != village_id:
        raise errors.HouseholdForeign(household=household.number)


def not_joined(household: Household, day: date) -> errors.HouseholdNotJoined:
    return errors.HouseholdNotJoined(household=household.number, day=day)


def not_member(household: Household, resident: Resident, day: date) -> errors.ResidentNotMember:
    return errors.ResidentNotMember(resident=resident.name, household=household.number, day=day)
