"""Who may question what: fetched and authorised in one call, for pages and API alike."""

from typing import Any, NamedTuple

from jifen.kernel.errors import NotFound
from jifen.kernel.permissions import grants_of
from reporting import errors
from reporting.models import Notice
from reporting.permissions import ReportingPermission as May
from reporting.selectors import notices, postings
from reporting.selectors.postings import Posting
from tenants.community import selectors as community
from tenants.community.models import Household


class About(NamedTuple):
    """Whose objection it is and to what."""

    household: Household
    posting: Posting | None
    notice: Notice | None


def villages_of(user: Any) -> set[int] | None:
    """The villages whose notices ``user`` sees: her own, and those she works for; None means all."""
    held = grants_of(user).scope(May.READ, "village")
    if held is None:
        return None
    household = community.household_of_user(user)
    return held | ({household.village_id} if household else set())


def about(user: Any, *, posting: int | None, notice: int | None) -> About:
    """What ``user`` wants to question.

    Raises:
        NotFound: she belongs to no household and speaks for none.
        NoticeUnknown, ObjectionForeign: it is not hers to question.
    """
    entry = postings.by_id(posting) if posting else None
    found = notices.by_id(notice, villages_of(user)) if notice else None
    if posting and entry is None:
        raise errors.ObjectionForeign
    household = _household(user, entry)
    if household is None:
        raise NotFound
    if entry is not None and not _may_question(household, entry, found):
        raise errors.ObjectionForeign
    return About(household, entry, found)


def _household(user: Any, posting: Posting | None) -> Household | None:
    """Her own; a supervisor speaks for the household whose entry it is."""
    villages = grants_of(user).scope(May.OBJECT, "village")
    facts = postings.facts(posting) if posting else None
    if facts and villages and facts.village_id in villages:
        return Household.objects.get(pk=facts.household_id)
    return community.household_of_user(user)


def _may_question(household: Household, posting: Posting, notice: Notice | None) -> bool:
    facts = postings.facts(posting)
    own = facts is not None and facts.household_id == household.pk
    return own or (notice is not None and postings.stands_on(posting, notice))
