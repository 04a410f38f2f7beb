"""Villages, their groups and how many households they have in all."""

from datetime import date, timedelta

from django.db import IntegrityError, transaction

from jifen.audit import services as audit
from jifen.kernel import clock
from jifen.kernel.actors import Actor
from jifen.kernel.pinyin import sort_key
from tenants.community import errors, selectors
from tenants.community.models import Group, HouseholdTotal, Village
from tenants.community.services import contacts, figures


@transaction.atomic
def add(*, code: str, name: str, by: Actor, phone: str = "") -> Village:
    """A new village; a name that ends in 居委会 or 社区 makes it a 居.

    Raises:
        NameMissing, ContactWrong, VillageTaken: nothing is written.
    """
    name = name.strip()
    if not name:
        raise errors.NameMissing("请填写村（居）名称。")
    village = Village(
        code=code.strip(),
        name=name,
        name_pinyin=sort_key(name),
        is_residents_committee=name.endswith(("居委会", "居", "社区")),
        phone=contacts.cleaned(phone),
    )
    try:
        with transaction.atomic():
            village.save()
    except IntegrityError as clash:
        raise errors.VillageTaken from clash
    audit.record(by=by, action="village.add", subject=village, village_id=village.pk)
    figures.tell([village.pk])
    return village


@transaction.atomic
def add_group(*, village: Village, number: int, by: Actor, name: str = "") -> Group:
    """The village's group ``number``; the same one again when it is there already."""
    group, made = Group.objects.get_or_create(village=village, number=number, defaults={"name": name or f"{number}组"})
    if made:
        audit.record(by=by, action="group.add", subject=group, village_id=village.pk)
    return group


@transaction.atomic
def record_total(*, village: Village, as_of: date, total: int, source: str, by: Actor) -> HouseholdTotal:
    """How many households the village has on ``as_of``; the same day again corrects it.

    Raises:
        DateInFuture: ``as_of`` is after today.
        TotalTooSmall: more households than that take part on ``as_of``, or while the figure holds.
    """
    if as_of > clock.today():
        raise errors.DateInFuture(field="as_of")
    _refuse_too_few(village, as_of, total)
    row, _ = HouseholdTotal.objects.update_or_create(
        village=village, as_of=as_of, defaults={"total": total, "source": source}
    )
    audit.record(by=by, action="village.total", subject=row, village_id=village.pk, total=total)
    figures.tell([village.pk])
    return row


def _refuse_too_few(village: Village, as_of: date, total: int) -> None:
    """Those who take part are some of all: a share above one is a slip of the pen."""
    later = HouseholdTotal.objects.filter(village=village, as_of__gt=as_of).order_by("as_of").first()
    last = later.as_of - timedelta(days=1) if later else clock.today()
    for day in (as_of, last):
        joined = selectors.joined(village, day).count()
        if total < joined:
            raise errors.TotalTooSmall(village=village.name, joined=joined, day=day)
