"""更正后的登记: what should have been recorded instead of a deed that was found wrong.

The wrong one stays as it was told; its posting is reversed (``ledger.reverse``) and the right one names it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.db.models import Sum

from jifen.approvals import services as approvals
from jifen.audit import services as audit
from jifen.files.models import File, FileState
from jifen.kernel import clock
from jifen.kernel.actors import Actor
from jifen.kernel.points import ZERO, plain
from scoring import correction_errors as wrongs
from scoring import errors, locks, ports
from scoring.models import (
    Account,
    Cause,
    Declaration,
    DeclarationEvidence,
    DeclarationState,
    Declarer,
    Entry,
    ItemVerdict,
    Measure,
    Posting,
    ReviewItem,
    ReviewState,
    Year,
    YearState,
)
from scoring.rules.limits import Awarded, Candidate, apply_limits, bucket
from scoring.selectors import verifying
from scoring.selectors.rules import spec_of
from scoring.services import declarations, deeds, effects, lapses, ledger, pricing, raters, reckoning, seals
from scoring.sql import corrections as sql
from tenants.community import selectors as community
from tenants.community.models import Household, Resident


@dataclass(frozen=True, slots=True)
class Correction:
    """What was right: of ``household`` (and its ``resident``), with ``facts`` as the rule needs them.

    ``evidence`` comes to what was handed in with the wrong one.
    """

    household: Household
    resident: Resident | None
    facts: Mapping[str, Any]
    evidence: Sequence[File] = ()


@transaction.atomic
def take_back(*, posting: Posting, reason: str, by: Actor, concerns_year: int | None = None) -> Posting:
    """The office corrects an entry that nobody objected to: its reversal, and a difference notice where it was shown.

    Raises:
        As ``ledger.reverse``.
    """
    made = ledger.reverse(posting=posting, reason=reason, concerns_year=concerns_year, by=by)
    ports.corrected([made.pk], by)
    return made


@transaction.atomic
def correct(*, declaration: Declaration, correction: Correction, document: str, by: Actor) -> Declaration:
    """Record the wrong ``declaration`` anew as it should have been; ``document`` names the decision behind it.

    In the place of a reversed posting it is posted at once. A deduction that is greater than the wrong one, or falls on
    another household, waits for the month's sheet, so that the household is heard first; so does a deed that was not
    posted yet.

    Raises:
        HouseholdNotJoined, ResidentNotMember, HouseholdForeign. RuleError, FactsMissing, ConditionUnmet, FactsUnknown.
        NothingReversed: its posting still stands. AlreadyCorrected: somebody did it before. CorrectionUnchanged: what
        was reversed would be posted once more.
    """
    wrong = Posting.objects.filter(declaration=declaration, cause=Cause.DECLARATION).order_by("-pk").first()
    if wrong is not None:
        wrong = locks.posting(wrong.pk)
        _check_open(wrong)
    correction = _with_raters(declaration, correction)
    priced = _priced(declaration, correction, wrong)
    if wrong is not None:
        _check_differs(wrong, declaration, correction, priced)
    anew = _recorded(declaration, correction, priced, by)
    if wrong is not None and _is_known(declaration, correction, priced.award.points):
        _post(anew, wrong, document, by)
    audit.record(
        by=by, action="declaration.correct", subject=anew, village_id=anew.village_id, wrong=declaration.pk,
        points=str(anew.points), document=document,
    )  # fmt: skip
    return anew


def check(*, declaration: Declaration, correction: Correction) -> None:
    """Whether ``correct`` would take ``correction`` as far as can be said before the wrong posting is reversed.

    Raises:
        As ``correct``, but NothingReversed.
    """
    wrong = Posting.objects.filter(declaration=declaration, cause=Cause.DECLARATION).order_by("-pk").first()
    correction = _with_raters(declaration, correction)
    priced = _priced(declaration, correction, wrong)
    if wrong is not None:
        _check_first(wrong)
        _check_differs(wrong, declaration, correction, priced)


def _priced(declaration: Declaration, correction: Correction, wrong: Posting | None) -> pricing.Priced:
    """What was right is worth, with the evidence of what was told and what has come to it.

    Where the wrong one was posted without evidence that its rule asks for, the right one needs no more.

    Raises:
        As ``correct``, of people and facts.
    """
    _check_people(declaration, correction)
    told = [one.file for one in declaration.evidence.select_related("file")]
    waived = pricing.lacking(spec_of(declaration.rule), told, declaration.facts) if wrong is not None else None
    priced = pricing.price(
        declaration.rule, day=declaration.happened_on, household=correction.household, resident=correction.resident,
        facts=correction.facts, evidence=[*told, *_added(declaration, correction)], waived=waived,
    )  # fmt: skip
    if priced.award.undecided:
        raise errors.FactsMissing(what=priced.award.undecided)
    return priced


def _added(declaration: Declaration, correction: Correction) -> list[File]:
    """What is not there yet, and can be looked at."""
    known = set(declaration.evidence.values_list("file_id", flat=True))
    fresh = {file.pk: file for file in correction.evidence if file.state == FileState.READY and file.pk not in known}
    return list(fresh.values())


@transaction.atomic
def refuse(*, declaration: Declaration, reason: str, by: Actor) -> Declaration:
    """A deed that is not posted yet does not stand; on an open sheet it is decided so, in a flow it ends with it.

    Raises:
        NotRefusable: the sheet is decided, or the deed is posted, withdrawn or refused already.
    """
    approvals.end_with(subject_kind=verifying.SUBJECT_KIND, subject_id=declaration.pk, reason=reason)
    waiting = Declaration.objects.filter(
        pk=declaration.pk, state__in=[DeclarationState.SUBMITTED, DeclarationState.READY]
    ).update(state=DeclarationState.REJECTED, refusal=reason[:200])
    if not waiting:
        _refuse_on_the_sheet(declaration, reason, by)
    audit.record(by=by, action="declaration.refuse", subject=declaration, village_id=declaration.village_id)
    declaration.refresh_from_db()
    return declaration


def _with_raters(declaration: Declaration, correction: Correction) -> Correction:
    """Other marks, or marks for another household, name who gave them; what was told stays as it was told."""
    told, now = declaration.facts, pricing.keep(correction.facts)
    if all(told.get(name) == now.get(name) for name in ("ratings", pricing.RATERS)):
        return correction
    facts = raters.named(
        declaration.rule, correction.facts, household=correction.household, day=declaration.happened_on
    )
    return replace(correction, facts=facts)


def _refuse_on_the_sheet(declaration: Declaration, reason: str, by: Actor) -> None:
    item = ReviewItem.objects.filter(declaration=declaration).first()
    sheet = locks.review(item.review_id) if item else None
    if item is None or sheet is None or sheet.state not in (ReviewState.OPEN, ReviewState.RETURNED):
        raise wrongs.NotRefusable
    ReviewItem.objects.filter(pk=item.pk).update(
        verdict=ItemVerdict.REJECTED, points=ZERO, redeemable=ZERO, reason=reason[:200], decided_at=clock.now(),
        decided_by_id=by.id, decided_by_name=by.name, decided_by_resident=by.resident_id,
    )  # fmt: skip
    sheet.seats.all().delete()


def _check_open(wrong: Posting) -> None:
    if wrong.reversed_at is None:
        raise wrongs.NothingReversed
    _check_first(wrong)


def _check_first(wrong: Posting) -> None:
    if Posting.objects.filter(corrects=wrong).exists():
        raise wrongs.AlreadyCorrected


def _check_differs(wrong: Posting, deed: Declaration, correction: Correction, priced: pricing.Priced) -> None:
    resident = correction.resident.pk if correction.resident else None
    if (correction.household.pk, resident, priced.facts) != (deed.household_id, deed.resident_id, deed.facts):
        return
    merit = Entry.objects.filter(posting=wrong, measure=Measure.MERIT).aggregate(sum=Sum("amount"))["sum"]
    if priced.award.points == merit:
        raise wrongs.CorrectionUnchanged(points=plain(merit))


def _is_known(wrong: Declaration, correction: Correction, points: Decimal) -> bool:
    """Nothing that the household would have to be heard about before."""
    if correction.household != wrong.household:
        return points >= 0 and not spec_of(wrong.rule).consequences
    return bool(points >= min(wrong.points, ZERO))


def _check_people(declaration: Declaration, correction: Correction) -> None:
    household, resident, day = correction.household, correction.resident, declaration.happened_on
    deeds.check_village(household, declaration.village_id)
    if not community.is_joined(household, day):
        raise deeds.not_joined(household, day)
    if resident is not None and community.member_household(resident, day) != household:
        raise deeds.not_member(household, resident, day)


def _recorded(wrong: Declaration, correction: Correction, priced: pricing.Priced, by: Actor) -> Declaration:
    telling = deeds.Telling(wrong.happened_on, wrong.place, wrong.reason, wrong.channel, Declarer.COMMITTEE)
    anew = Declaration.objects.create(
        **declarations.row(telling, correction.household, priced, by),
        household=correction.household,
        resident=correction.resident,
        rule=wrong.rule,
        happened_time=wrong.happened_time,
    )
    proofs = [*wrong.evidence.values_list("file_id", flat=True), *(file.pk for file in _added(wrong, correction))]
    DeclarationEvidence.objects.bulk_create(DeclarationEvidence(declaration=anew, file_id=file) for file in proofs)
    return anew


def _post(anew: Declaration, wrong: Posting, document: str, by: Actor) -> None:
    locks.all_years()
    own = Year.objects.filter(number=anew.happened_on.year).exclude(state=YearState.SEALED).first()
    year = own or locks.newest_open_year()
    reckoned = reckoning.reckon_one(anew)
    awarded = Awarded("", ZERO) if reckoned.items else _capped(anew)
    sums = reckoned.values["told"] or [anew.explanation, awarded.explanation]
    told = "；".join(filter(None, [*sums, f"更正记分（{document}）"]))
    posting = Posting.objects.create(
        cause=Cause.DECLARATION, declaration=anew, corrects=wrong, document=document, reason=anew.reason,
        explanation=told[:400], posted_at=clock.now(), **by.columns(),
    )  # fmt: skip
    concerns = None if own else anew.happened_on.year
    if reckoned.items:
        reckoning.take(reckoned)
        Entry.objects.bulk_create(_shares(posting, anew, reckoned, year, concerns))
        reckoning.keep(reckoned)
    else:
        Entry.objects.bulk_create(_entries(posting, anew, awarded.points, year, concerns))
    Declaration.objects.filter(pk=anew.pk).update(state=DeclarationState.POSTED)
    with connection.cursor() as cursor:
        cursor.execute(sql.TAKE_CAPS, {"posting": posting.pk, "sign": 1})
    effects.carry_out(deeds=[anew.pk], by=by)
    effects.look_for_leavers()
    lapses.plan()
    if concerns is not None:
        seals.add(year=Year.objects.get(number=concerns), kind="supplement", by=by)
    anew.refresh_from_db()


def _capped(anew: Declaration) -> Awarded:
    """What the caps leave of it, after all that is posted (I12)."""
    candidate = Candidate(
        key="", rule=spec_of(anew.rule), date=anew.happened_on, points=anew.points, household=str(anew.household_id),
        village=str(anew.village_id), resident=str(anew.resident_id) if anew.resident_id else None,
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(sql.OPEN_CAPS, {"declaration": anew.pk})
        cursor.execute(sql.HELD_CAPS, {"declaration": anew.pk})
        used = {bucket(candidate, position): Decimal(held) for position, held in cursor.fetchall()}
    return apply_limits([candidate], used)[0]


def _entries(posting: Posting, anew: Declaration, merit: Decimal, year: Year, concerns: int | None) -> list[Entry]:
    """Merit, and redeemable points unless they have expired with a sealed year."""
    home, _ = Account.objects.get_or_create(household=anew.household)
    is_personal = anew.resident is not None and spec_of(anew.rule).attribution == "resident"
    own = Account.objects.get_or_create(resident=anew.resident)[0] if is_personal else home
    left = min(abs(anew.redeemable), abs(merit)).copy_sign(merit) if concerns is None else ZERO
    line = _line(posting, anew, year, concerns) | {"household": anew.household}
    sides = ((Measure.MERIT, own, merit), (Measure.REDEEMABLE, home, left))
    return [Entry(**line, measure=side, account=account, amount=amount) for side, account, amount in sides if amount]


def _shares(
    posting: Posting, anew: Declaration, reckoned: reckoning.Reckoned, year: Year, concerns: int | None
) -> list[Entry]:
    """As ``_entries``, of a deed that was reckoned."""
    common = _line(posting, anew, year, concerns)
    found = []
    for line in reckoned.lines():
        if concerns is None or line.measure == Measure.MERIT:
            owner = {"resident": line.resident} if line.resident else {"household": line.household}
            account = Account.objects.get(**{f"{name}_id": pk for name, pk in owner.items()})
            of = {"measure": line.measure, "share": line.share, "point_class": line.point_class}
            found.append(Entry(**common, **of, account=account, household_id=line.household, amount=line.amount))
    return found


def _line(posting: Posting, anew: Declaration, year: Year, concerns: int | None) -> dict[str, Any]:
    return {
        "posting": posting, "year": year, "concerns_year": concerns, "month": _month(year),
        "cause": Cause.DECLARATION, "rule": anew.rule, "happened_on": anew.happened_on,
        "posted_at": posting.posted_at,
    }  # fmt: skip


def _month(year: Year) -> int:
    today = clock.today()
    if year.number == today.year:
        return today.month
    return 12 if year.number < today.year else 1
