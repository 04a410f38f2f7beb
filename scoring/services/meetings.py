"""审核会: who was there, what was said, and the paper that was signed."""

from datetime import date

from django.db import connection, transaction
from django.db.models import F, Q

from jifen.audit import services as audit
from jifen.files.models import File, FileState
from jifen.inbox import kinds
from jifen.inbox import services as inbox
from jifen.kernel import clock
from jifen.kernel.actors import Actor
from jifen.kernel.tenancy import current_schema
from jifen.web.wording import month_cn
from scoring import errors, locks, meeting_errors
from scoring.models import Meeting, MeetingSeat, Presence, Review, ReviewSeat, ReviewState
from scoring.selectors import sitting
from scoring.selectors.meetings import is_stood_in_by, stand_ins, standing
from scoring.selectors.reviews import is_seat_of
from scoring.sql import reviews as sql
from tenants.community import selectors as community
from tenants.community.models import Resident, Role, Village, VillageRole

KIND = "stand_in"
kinds.register(KIND, "请您替补签字")
NEVER = (Role.COMMITTEE, Role.SUPERVISOR, Role.STEWARD)
"""Who has a seat (as whoever the flow seats), decides nothing, or enters the signed sheet does not stand in."""


@transaction.atomic
def hold(*, review: Review, held_on: date, place: str = "", minutes: str = "", by: Actor) -> Meeting:
    """Write down when and where the committee sits and what is said; may be written again until the sheet is decided.

    Raises:
        ReviewNotOpen, MeetingInFuture, MeetingBeforeMonth, MinutesTooLong.
    """
    sheet = locks.undecided(review.pk)
    if held_on > clock.today():
        raise meeting_errors.MeetingInFuture
    if held_on < sheet.month:
        raise meeting_errors.MeetingBeforeMonth(month=month_cn(sheet.month))
    if len(place.strip()) > 80 or len(minutes.strip()) > 2000:
        raise meeting_errors.MinutesTooLong
    meeting = _meeting(sheet, by)
    meeting.held_on, meeting.place, meeting.minutes = held_on, place.strip(), minutes.strip()
    meeting.save(update_fields=["held_on", "place", "minutes"])
    audit.record(by=by, action="meeting.hold", subject=meeting, village_id=sheet.village_id)
    return meeting


@transaction.atomic
def attend(
    *, review: Review, role: VillageRole, presence: str, substitute: Resident | None = None, by: Actor
) -> MeetingSeat:
    """Note who sits on a seat: the member herself, nobody, or ``substitute``.

    Raises:
        ReviewNotOpen, PresenceUnknown. SeatNotYours: it is no seat of this committee today.
        SeatSigned: who sits there has signed, so she is there. SubstituteUnfit, SubstituteTaken.
        SubstituteRecuses: of a sheet that came back in part, the rest was decided by who would have to stand back.
    """
    sheet = locks.undecided(review.pk)
    if presence not in Presence.values or (presence == Presence.SUBSTITUTE) != (substitute is not None):
        raise meeting_errors.PresenceUnknown
    if not is_seat_of(role, sheet):
        raise errors.SeatNotYours
    _refuse_signed(sheet, role, presence, substitute)
    meeting = _meeting(sheet, by)
    if substitute is not None:
        _check_fit(meeting, role, substitute)
    kept = _kept_by_barred(sheet)
    row = _noted(meeting, role, presence, substitute, by)
    if substitute is not None and (more := _kept_by_barred(sheet) - kept):
        raise meeting_errors.SubstituteRecuses(name=substitute.name, count=len(more))
    Meeting.objects.filter(pk=meeting.pk).update(paper=None)
    inbox.settle(topic=_topic(sheet, role))
    if substitute is not None:
        _stands_in(sheet, row)
    audit.record(by=by, action="meeting.attend", subject=row, village_id=sheet.village_id, presence=presence)
    return row


@transaction.atomic
def all_came(*, review: Review, by: Actor) -> int:
    """Note as there everybody of whom nothing is noted yet, in one act; returns how many.

    Raises:
        ReviewNotOpen.
    """
    sheet = locks.undecided(review.pk)
    meeting = _meeting(sheet, by)
    noted = set(meeting.attendance.values_list("role_id", flat=True))
    told = {"meeting": meeting, "presence": Presence.PRESENT, "noted_at": clock.now(), "noted_by_name": by.name}
    rows = [MeetingSeat(role_id=one.role_id, **told) for one in sitting.chairs(sheet) if one.role_id not in noted]
    MeetingSeat.objects.bulk_create(rows)
    if rows:
        Meeting.objects.filter(pk=meeting.pk).update(paper=None)
        audit.record(by=by, action="meeting.attend_all", subject=meeting, village_id=sheet.village_id, seats=len(rows))
    return len(rows)


def came(meeting: Meeting, role: VillageRole, by: Actor) -> None:
    """Who signs is there. SeatTaken: a substitute sits on her seat."""
    sheet = meeting.review
    inbox.settle(topic=_topic(sheet, role))
    if is_stood_in_by(sheet, role, by):
        return
    if meeting.attendance.filter(role=role, presence=Presence.SUBSTITUTE).exists():
        raise meeting_errors.SeatTaken
    _noted(meeting, role, Presence.PRESENT, None, by)


@transaction.atomic
def attach(*, review: Review, file: File, by: Actor) -> Meeting:
    """The scan of the signed decision sheet: with it, everybody who was there has signed.

    Raises:
        EvidenceNotReady. PaperKept: a decided sheet has its paper already. PaperEarly: too few have come.
    """
    sheet = locks.review(review.pk)
    if file.state != FileState.READY:
        raise errors.EvidenceNotReady
    found = Meeting.objects.filter(review=sheet).first()
    if sheet.state not in (ReviewState.OPEN, ReviewState.RETURNED) and found and found.paper_id:
        raise meeting_errors.PaperKept
    if sheet.state in (ReviewState.OPEN, ReviewState.RETURNED) and not standing(sheet).is_met:
        raise meeting_errors.PaperEarly
    meeting = found or _meeting(sheet, by)
    meeting.paper = file
    meeting.save(update_fields=["paper"])
    audit.record(by=by, action="meeting.attach", subject=meeting, village_id=sheet.village_id, file=file.pk)
    return meeting


def void_signatures(sheet: Review, *, but_paper: bool = False) -> None:
    """What was signed is no longer what is decided: the sheet is signed anew, on the phone or on paper.

    Substitutes who had signed are asked again. ``but_paper``: what was decided is what the paper says.
    """
    signed = list(sheet.seats.exclude(actor_id=F("role__user_id")).values_list("role", flat=True))
    sheet.seats.all().delete()
    if but_paper:
        return
    Meeting.objects.filter(review=sheet).update(paper=None)
    rows = MeetingSeat.objects.filter(meeting__review=sheet, role__in=signed, presence=Presence.SUBSTITUTE)
    for row in rows.select_related("role__user") if signed else ():
        _asked(sheet, row, again=f":{clock.now():%Y%m%d%H%M%S%f}")


def over(sheet: Review) -> None:
    """The sheet is decided: no substitute has to sign any more."""
    inbox.settle(topic=_topic(sheet))


def substitute_named(village: Village, words: str) -> Resident:
    """The one grown-up villager called ``words``, a name or a household's number and a name.

    Raises:
        SubstituteUnknown, SubstituteAmbiguous.
    """
    number, _, name = words.strip().rpartition(" ")
    today = clock.today()
    grown = today.replace(year=today.year - community.ADULT, day=min(today.day, 28) if today.month == 2 else today.day)
    at_home = community.in_force(today, "memberships__from_date", "memberships__to_date")
    asked = Q(name=name, memberships__household__village=village)
    if number.strip():
        asked &= Q(memberships__household__number=number.strip())
    people = list(Resident.objects.filter(at_home & asked).exclude(born_on__gt=grown).distinct()[:20])
    if not people:
        raise meeting_errors.SubstituteUnknown(words=words.strip())
    if len(people) > 1:
        raise meeting_errors.SubstituteAmbiguous(words=words.strip(), count=len(people))
    return people[0]


def _refuse_signed(sheet: Review, role: VillageRole, presence: str, substitute: Resident | None) -> None:
    signed = ReviewSeat.objects.filter(review=sheet, role=role).first()
    if signed is None:
        return
    by_member = signed.actor_id == role.user_id
    is_same = presence == Presence.PRESENT if by_member else substitute and substitute.pk == signed.resident_id
    if not is_same:
        raise meeting_errors.SeatSigned(name=signed.actor_name)


def _stands_in(sheet: Review, row: MeetingSeat) -> None:
    """A substitute who has an account is asked to sign; on a mutual sheet her own deeds have theirs decided anew."""
    with connection.cursor() as cursor:
        cursor.execute(sql.REOPEN, {"month": sheet.month, "villages": [sheet.village_id], "who": None})
    _asked(sheet, row)


def _kept_by_barred(sheet: Review) -> set[int]:
    """Ids of the deeds that the town kept in returning the sheet, decided by who stands back from them now."""
    if not sheet.is_mutual or sheet.state != ReviewState.RETURNED:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(sql.KEPT_BY_BARRED, {"review": sheet.pk})
        return {item for (item,) in cursor.fetchall()}


def _asked(sheet: Review, row: MeetingSeat, again: str = "") -> None:
    month = f"{sheet.village.name}{sheet.month.year}年{sheet.month.month}月"
    inbox.tell(
        users=Resident.objects.filter(pk__in=[row.substitute_id]).exclude(user=None).values_list("user_id", flat=True),
        kind=KIND,
        title="请您替补审核委员签字",
        body=f"{month}的审核表由您替{row.role.user.display_name}到会，全部定完后请您签字。",
        address=f"/stand-ins/{sheet.pk}/",
        key=f"stand-in:{row.pk}:{row.substitute_id}{again}",
        topic=_topic(sheet, row.role),
    )


def _topic(sheet: Review, role: VillageRole | None = None) -> str:
    return f"stand-in/{sheet.pk}/{role.pk}" if role else f"stand-in/{sheet.pk}"


def _meeting(sheet: Review, by: Actor) -> Meeting:
    """The sheet's meeting; begun today when there is none."""
    made, _ = Meeting.objects.get_or_create(
        review=sheet, defaults={"held_on": clock.today(), "opened_at": clock.now(), **by.columns()}
    )
    return made


def _noted(meeting: Meeting, role: VillageRole, presence: str, substitute: Resident | None, by: Actor) -> MeetingSeat:
    told = {"presence": presence, "substitute": substitute, "noted_at": clock.now(), "noted_by_name": by.name}
    row, _ = MeetingSeat.objects.update_or_create(meeting=meeting, role=role, defaults=told)
    return row


def check_one_chair(meeting: Meeting, role: VillageRole, by: Actor) -> None:
    """Posts change between the noting and the signing: who stands in must still be fit, and sits on one chair.

    Raises:
        SubstituteUnfit, TwoChairs.
    """
    if by.realm != current_schema():
        return
    for row in stand_ins(by.id).filter(meeting=meeting):
        if row.role_id != role.pk:
            raise meeting_errors.TwoChairs(name=row.role.user.display_name)
        if row.substitute is not None:
            _check_fit(row.meeting, row.role, row.substitute)


def _check_fit(meeting: Meeting, role: VillageRole, substitute: Resident) -> None:
    held = community.roles_on(clock.today()).filter(user=substitute.user_id, role__in=NEVER).first()
    if held is None and substitute.user_id is not None:
        held = sitting.chair_of(substitute.user_id, meeting.review)
    if substitute.user_id is not None and held is not None:
        raise meeting_errors.SubstituteUnfit(name=substitute.name, role=held.get_role_display())
    if meeting.attendance.filter(substitute=substitute).exclude(role=role).exists():
        raise meeting_errors.SubstituteTaken(name=substitute.name)
