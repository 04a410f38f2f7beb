"""异议: a dated question, looked into by people it does not concern, answered by a reversal or by a finding."""

from datetime import timedelta

from django.db import transaction

from jifen.audit import services as audit
from jifen.kernel import clock
from jifen.kernel.actors import Actor
from jifen.web.wording import date_cn
from reporting import errors, policies
from reporting.models import Notice, Objection, ObjectionState
from reporting.selectors import notices as notice_selectors
from reporting.selectors import postings
from reporting.selectors.postings import Posting
from reporting.services import deltas, notices
from scoring.services import ledger
from tenants.community import selectors as community
from tenants.community.models import Household

LONGEST = 500


@transaction.atomic
def raise_objection(
    *,
    household: Household,
    posting: Posting | None = None,
    notice: Notice | None = None,
    text: str,
    by: Actor,
) -> Objection:
    """``household`` questions a posting (its own, or one that stands on a notice of its village) or a notice.

    A notice can be questioned until its ``objections_until``, a posting as long as its year is open.

    Raises:
        ObjectionTextMissing, ObjectionTextTooLong, ObjectionOfNothing, ObjectionForeign: bad input.
        ObjectionLate, ObjectionYearClosed, PostingCorrected, ObjectionTwice: too late, or not needed any more.
    """
    wording = _text(text)
    if posting is None and notice is None:
        raise errors.ObjectionOfNothing
    if notice is not None:
        _check_notice(household, notice)
    if posting is not None:
        _check_posting(household, posting, notice)
    today = clock.today()
    year = notice.year if notice is not None else _year(posting)
    objection = Objection.objects.create(
        notice=notice,
        posting=posting,
        household=household,
        village_id=household.village_id,
        text=wording,
        raised_on=today,
        answer_by=today + timedelta(days=policies.on(today).answer_days),
        **by.columns(),
    )
    deltas.tell(village_id=household.village_id, year=year, key="objections", value=1)
    _record(objection, "objection.raise", by)
    return objection


@transaction.atomic
def answer(*, objection: Objection, upheld: bool, finding: str, by: Actor, posting: Posting | None = None) -> Objection:
    """Close ``objection`` after looking into it. Upheld, the posting is reversed in the same transaction and the
    notice it stood on gets a difference notice. ``posting`` names what to correct when a notice as a whole was
    questioned.

    Raises:
        FindingMissing, FindingTooLong: bad input.
        ObjectionForeign: ``posting`` does not stand on the notice that was questioned.
        ObjectionAnswered: somebody was first.
        OwnHousehold: it concerns the household of ``by`` or of a declared relative (I11).
    """
    words = _finding(finding)
    kept = Objection.objects.select_for_update().get(pk=objection.pk)
    if kept.state != ObjectionState.RAISED:
        raise errors.ObjectionAnswered
    disputed = kept.posting or _named(kept, posting)
    _check_unbiased(kept, disputed, by)
    kept.state = ObjectionState.UPHELD if upheld else ObjectionState.DISMISSED
    kept.posting, kept.finding = disputed, words
    kept.answered_at, kept.answered_by_name = clock.now(), by.name
    if upheld and disputed is not None:
        kept.reversal = _reversed(disputed, words, by)
    kept.save()
    if upheld:
        _correct_notice(kept, by)
    _record(kept, "objection.answer", by, upheld=upheld)
    return kept


def _check_notice(household: Household, notice: Notice) -> None:
    if notice.village_id not in (None, household.village_id):
        raise errors.NoticeUnknown
    if clock.today() > notice.objections_until:
        raise errors.ObjectionLate(until=date_cn(notice.objections_until))


def _check_posting(household: Household, posting: Posting, notice: Notice | None) -> None:
    facts = postings.facts(posting)
    on_notice = notice is not None and postings.stands_on(posting, notice)
    if facts is None or not (facts.household_id == household.pk or on_notice):
        raise errors.ObjectionForeign
    if posting.reversed_at is not None or facts.is_reversal:
        raise errors.PostingCorrected
    if not facts.year_open:
        raise errors.ObjectionYearClosed(year=facts.year)
    if Objection.objects.filter(household=household, posting=posting, state=ObjectionState.RAISED).exists():
        raise errors.ObjectionTwice


def _year(posting: Posting | None) -> int:
    facts = postings.facts(posting) if posting else None
    return facts.year if facts else clock.today().year


def _named(objection: Objection, posting: Posting | None) -> Posting | None:
    """What the answer says should be corrected: only what the questioned notice shows."""
    if posting is None:
        return None
    if objection.notice is None or not postings.stands_on(posting, objection.notice):
        raise errors.ObjectionForeign
    return posting


def _check_unbiased(objection: Objection, posting: Posting | None, by: Actor) -> None:
    if by.resident_id is None:
        return
    barred = community.barred_household_ids(by.resident_id)
    concerned = {objection.household_id}
    facts = postings.facts(posting) if posting else None
    if facts:
        concerned.add(facts.household_id)
    if barred & concerned:
        raise errors.OwnHousehold


def _reversed(posting: Posting, finding: str, by: Actor) -> Posting:
    """The posting's one reversal: made now, or made already for another's objection (I5)."""
    done = postings.reversal_of(posting)
    return done or ledger.reverse(posting=posting, reason=f"异议成立:{finding}"[:300], by=by)


def _correct_notice(objection: Objection, by: Actor) -> None:
    notice = objection.notice or _notice_of(objection)
    if notice is None:
        return
    reason = "异议成立,已更正记分" if objection.reversal_id else objection.finding
    notices.publish_difference(notice=notice, reason=reason, posting_id=objection.reversal_id, by=by)


def _notice_of(objection: Objection) -> Notice | None:
    facts = postings.facts(objection.posting) if objection.posting else None
    if facts is None or objection.posting_id is None:
        return None
    return notice_selectors.listing(objection.posting_id, year=facts.year, village_id=facts.village_id)


def _text(text: str) -> str:
    words = text.strip()
    if not words:
        raise errors.ObjectionTextMissing
    if len(words) > LONGEST:
        raise errors.ObjectionTextTooLong
    return words


def _finding(text: str) -> str:
    words = text.strip()
    if not words:
        raise errors.FindingMissing
    if len(words) > LONGEST:
        raise errors.FindingTooLong
    return words


def _record(objection: Objection, action: str, by: Actor, **data: object) -> None:
    ids = {"posting": objection.posting_id, "notice": objection.notice_id, "reversal": objection.reversal_id}
    audit.record(by=by, action=action, subject=objection, village_id=objection.village_id, **ids, **data)
