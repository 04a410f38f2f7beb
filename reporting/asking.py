"""Who may question what: fetched and authorised in one call, for pages and API alike."""

from typing import Any, NamedTuple

from jifen.kernel.errors import JifenError, NotFound
from jifen.kernel.permissions import grants_of
from reporting import errors
from reporting.models import Notice
from reporting.permissions import ReportingPermission as May
from reporting.selectors import notices, postings
from reporting.selectors.postings import Declaration, Posting
from reporting.services import objections
from tenants.community import selectors as community
from tenants.community.models import Household


class About(NamedTuple):
    """Whose objection it is and to what."""

    household: Household
    posting: Posting | None
    notice: Notice | None
    declaration: Declaration | None = None


def villages_of(user: Any) -> set[int] | None:
    """The villages whose notices ``user`` sees: her own, and those she works for; None means all."""
    held = grants_of(user).scope(May.READ, "village")
    if held is None:
        return None
    household = community.household_of_user(user)
    return held | ({household.village_id} if household else set())


def about(user: Any, *, posting: int | None, notice: int | None, declaration: int | None = None) -> About:
    """What ``user`` wants to question.

    Raises:
        NotFound: she belongs to no household and speaks for none.
        NoticeUnknown, ObjectionForeign: it is not hers to question.
    """
    entry = _posting(posting)
    found = notices.by_id(notice, villages_of(user)) if notice else None
    household = _household(user, entry)
    if household is None:
        raise NotFound
    if entry is not None and not _may_question(household, entry, found):
        raise errors.ObjectionForeign
    return About(household, entry, found, _declaration(declaration, household))


def entered(
    user: Any, *, household: str, posting: int | None, notice: int | None, declaration: int | None = None
) -> About:
    """What ``household`` (its number), of a village over which ``user`` takes objections in, questions.

    Raises:
        HouseholdUnknown: there is none of that number there.
        NoticeUnknown, ObjectionForeign: it is not that household's to question.
    """
    mine = community.households_for(user, May.ENTER)
    objector = mine.filter(number=household.strip()).first()
    if objector is None:
        raise errors.ObjectorUnknown
    entry = _posting(posting)
    found = notices.by_id(notice, {objector.village_id}) if notice else None
    return About(objector, entry, found, _declaration(declaration, objector))


def refusal(about: About, *, own: bool) -> str:
    """Why it cannot be questioned, or no more, before anything is written; empty when it can.

    That it is questioned already is told to the household alone (``own``): nobody else learns of it by opening a form.
    """
    try:
        objections.check(**about._asdict())
    except errors.ObjectionTwice as refused:
        return refused.message if own else ""
    except JifenError as refused:
        return refused.message
    return ""


def _posting(pk: int | None) -> Posting | None:
    found = postings.by_id(pk) if pk else None
    if pk and found is None:
        raise errors.ObjectionForeign
    return found


def _declaration(pk: int | None, household: Household) -> Declaration | None:
    found = postings.declaration_by_id(pk) if pk else None
    if pk and (found is None or found.household_id != household.pk):
        raise errors.ObjectionForeign
    return found


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
