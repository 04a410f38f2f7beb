"""What a change of the roster does when it takes effect: one function for each kind, its ``terms`` as JSON has them.

Who moves counts for her old household to the end of the day, for the new one from the next: deeds of the past keep
the household they were credited to (I9).
"""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from jifen.audit import services as audit
from jifen.kernel import clock
from jifen.kernel.actors import Actor
from jifen.web.wording import date_cn
from tenants.community import errors, ports, selectors
from tenants.community.models import (
    Application,
    ApplicationState,
    ChangeKind,
    Household,
    HouseholdMember,
    Resident,
    Village,
)
from tenants.community.services import applications, figures, households, villages
from tenants.community.services.households import HEAD

Terms = Mapping[str, Any]


def member_in(household: Household, terms: Terms, by: Actor) -> None:
    """``resident`` moves over from another household as ``relation``; else a new person, as in ``admit``."""
    if "resident" not in terms:
        day = terms.get("from_date")
        start = date.fromisoformat(day) if day else None
        person = {name: terms.get(name, "") for name in ("name", "relation", "id_number", "phone")}
        households.admit(household=household, from_date=start, by=by, **person)
        return
    resident = Resident.objects.get(pk=terms["resident"])
    old = selectors.member_household(resident, clock.today())
    if old == household:
        raise errors.MemberAlready(name=resident.name)
    if old is not None:
        _end(old, resident)
        _told(old, "household.member_out", by)
    _begin(household, resident, terms["relation"])
    _told(household, "household.member_in", by)


def member_out(household: Household, terms: Terms, by: Actor) -> None:
    """``resident`` belongs to it to the end of the day."""
    _end(household, _member(household, terms["resident"]).resident)
    _told(household, "household.member_out", by)


def head(household: Household, terms: Terms, by: Actor) -> None:
    """``resident`` heads it from now on; the head before becomes her ``relation``."""
    new, old = _member(household, terms["resident"]), household.head
    if old is not None and old.pk == new.resident_id:
        raise errors.HeadAlready(name=old.name)
    today = selectors.in_force(clock.today())
    HouseholdMember.objects.filter(today, household=household, resident=old).update(relation=terms["relation"])
    HouseholdMember.objects.filter(pk=new.pk).update(relation=HEAD)
    Household.objects.filter(pk=household.pk).update(head=new.resident)
    _told(household, "household.head", by)


def split(household: Household, terms: Terms, by: Actor) -> Application | None:
    """``members`` become a household of their own, ``number``, headed by ``head``; it takes part if this one does.

    ``joins_apart``: it only applies, others decide on that. Returns its application, if there is one.
    """
    if terms["head"] not in terms["members"]:
        raise errors.SplitWrong
    group = villages.add_group(village=household.village, number=terms["group"], by=by)
    kept = ("has_local_hukou", "has_homestead", "is_lived_in", "resident_since")
    facts = {name: getattr(household, name) for name in kept}
    new = households.open_record(
        number=terms["number"], village=household.village, group=group, address=terms.get("address", ""), **facts
    )
    for pk in terms["members"]:
        row = _member(household, pk)
        _end(household, row.resident)
        _begin(new, row.resident, HEAD if pk == terms["head"] else row.relation)
    new.head = Resident.objects.get(pk=terms["head"])
    new.save(update_fields=["head"])
    is_apart, joins = bool(terms.get("joins_apart")), selectors.is_joined(household, tomorrow())
    application = _join_too(new, new.head, household, by, is_apart=is_apart) if joins else None
    _told(new, "household.split", by)
    return application


def identity(household: Household, terms: Terms, by: Actor) -> None:
    """The right ``name``, ``id_number`` or ``phone`` of ``resident``; what is empty stays."""
    resident = _member(household, terms["resident"]).resident
    given = {name: terms.get(name) or getattr(resident, name) or "" for name in ("name", "id_number", "phone")}
    if all(given[name] == (getattr(resident, name) or "") for name in given):
        raise errors.NothingCorrected
    right = households.new_resident(**given)
    for name in ("name", "name_pinyin", "id_number", "id_number_index", "phone", "phone_index", "born_on", "is_female"):
        if name not in ("born_on", "is_female") or given["id_number"]:
            setattr(resident, name, getattr(right, name))
    households.keep(resident)
    _told(household, "household.identity", by)


def join(household: Household, terms: Terms, by: Actor) -> None:
    """The application is agreed to, from the day ``on``; of a household that was split off today (``is_split``) from
    the day on which it begins.
    """
    application = Application.objects.select_related("household").get(pk=terms["application"])
    on, last = date.fromisoformat(terms["on"]), tomorrow() if terms.get("is_split") else None
    applications.take_in(application=application, on=on, agreement=terms.get("agreement", ""), by=by, last=last)


def leave(household: Household, terms: Terms, by: Actor) -> None:
    """It belongs no more from ``on``, but not from a day before the decision."""
    day = date.fromisoformat(terms["on"])
    applications.let_go(household=household, on=day if terms.get("is_direct") else max(day, clock.today()), by=by)


def moved_back(household: Household, terms: Terms, by: Actor) -> None:
    """``resident`` was this household's from ``from_date`` on, as ``relation``; the roster had her elsewhere.

    Her deeds since then are credited anew by the rooms above (``ports.rehoused``).
    """
    day = date.fromisoformat(terms["from_date"])
    if day > clock.today():
        raise errors.DateInFuture(field="from_date")
    resident = Resident.objects.get(pk=terms["resident"])
    row = _wrong(household, resident, day)
    old, to_date = row.household, row.to_date
    if old.head_id == resident.pk:
        raise errors.HeadStays(name=resident.name)
    kept = HouseholdMember.objects.filter(pk=row.pk)
    if row.from_date == day:
        kept.update(household=household, relation=terms["relation"])
    else:
        kept.update(to_date=day)
        values = {"relation": terms["relation"], "from_date": day, "to_date": to_date}
        HouseholdMember.objects.create(household=household, resident=resident, **values)
    ports.rehoused(resident, old, household, day, by)
    _told(old, "household.member_out", by)
    _told(household, "household.moved_back", by)


def _wrong(household: Household, resident: Resident, day: date) -> HouseholdMember:
    """The membership of today that is to be put right from ``day`` on.

    Raises:
        MemberAlready, MovedBackTooFar.
    """
    rows = HouseholdMember.objects.filter(selectors.in_force(clock.today()), resident=resident)
    row = rows.select_related("household__village").first()
    if row is None or row.household_id == household.pk:
        raise errors.MemberAlready(name=resident.name)
    if day < row.from_date:
        raise errors.MovedBackTooFar(name=resident.name, number=row.household.number, day=date_cn(row.from_date))
    return row


def new(village: Village, terms: Terms, by: Actor) -> Household:
    """A household with its head, as ``households.register`` has it; with ``join_on`` it takes part from that day."""
    group = villages.add_group(village=village, number=terms["group"], by=by)
    facts = {name: terms[name] for name in FOUNDS if name in terms}
    home = households.enter(**facts, village=village, group=group, resident_since=_since(terms), by=by)
    if terms.get("join_on") and home.head is not None:
        on = date.fromisoformat(terms["join_on"])
        application = applications.apply(household=home, applicant=home.head, on=on, by=by)
        applications.take_in(application=application, on=on, agreement=terms.get("agreement", ""), by=by)
    return home


def is_outsider(village: Village, terms: Terms) -> bool:
    """Whether a new household does not qualify by itself."""
    facts = {name: terms[name] for name in FOUNDS if name.startswith(("has_", "is_")) and name in terms}
    return applications.is_outsider(Household(village=village, resident_since=_since(terms), **facts), clock.today())


def _since(terms: Terms) -> date | None:
    return date.fromisoformat(terms["resident_since"]) if terms.get("resident_since") else None


FOUNDS = frozenset({
    "number", "head_name", "head_id_number", "head_phone", "address", "stars", "is_party", "has_local_hukou",
    "has_homestead", "is_lived_in",
})  # fmt: skip
"""What a new household is entered with, beside its place and its days."""

EFFECTS: Mapping[str, Callable[[Household, Terms, Actor], object]] = {
    ChangeKind.MEMBER_IN: member_in,
    ChangeKind.MEMBER_OUT: member_out,
    ChangeKind.HEAD: head,
    ChangeKind.SPLIT: split,
    ChangeKind.IDENTITY: identity,
    ChangeKind.JOIN: join,
    ChangeKind.LEAVE: leave,
    ChangeKind.MOVED_BACK: moved_back,
}


def tomorrow() -> date:
    return clock.today() + timedelta(days=1)


def _member(household: Household, resident_id: int) -> HouseholdMember:
    """Raises:
    MemberMissing: she does not belong to it today, or not beyond today.
    """
    rows = selectors.members_on(household, tomorrow()).filter(resident=resident_id, from_date__lte=clock.today())
    found = rows.first()
    if found is None:
        raise errors.MemberMissing
    return found


def _end(household: Household, resident: Resident) -> None:
    """Raises:
    HeadStays: somebody else must head it first, unless nobody else is left.
    """
    others = selectors.members_on(household, tomorrow()).exclude(resident=resident)
    if household.head_id == resident.pk and others.exists():
        raise errors.HeadStays(name=resident.name)
    rows = HouseholdMember.objects.filter(selectors.in_force(clock.today()), household=household, resident=resident)
    rows.update(to_date=tomorrow())


def _begin(household: Household, resident: Resident, relation: str) -> None:
    HouseholdMember.objects.create(household=household, resident=resident, relation=relation, from_date=tomorrow())


def _join_too(new: Household, head: Resident, old: Household, by: Actor, *, is_apart: bool) -> Application:
    return Application.objects.create(
        household=new,
        applicant=head,
        applied_on=clock.today(),
        joined_on=None if is_apart else tomorrow(),
        state=ApplicationState.PENDING if is_apart else ApplicationState.JOINED,
        ground=f"从{old.number}户分出",
        **by.columns(),
    )


def _told(household: Household, action: str, by: Actor) -> None:
    audit.record(by=by, action=action, subject=household, village_id=household.village_id)
    figures.tell([household.village_id])
