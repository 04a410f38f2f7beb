"""移交: a post changes hands in one act: roles, seats, open work; with a list that three people sign."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from jifen.accounts import selectors as site_roles
from jifen.accounts import services as accounts
from jifen.accounts.models import RoleGrant, SiteRole, User
from jifen.approvals import registry
from jifen.approvals import selectors as approvals
from jifen.approvals import services as approval_services
from jifen.approvals.models import Item
from jifen.audit import services as audit
from jifen.files.models import File
from jifen.flows import errors
from jifen.inbox import kinds
from jifen.inbox import services as inbox
from jifen.kernel import clock
from jifen.kernel.actors import Actor
from jifen.web import pdf
from tenants.community import selectors as community
from tenants.community.models import HandOver, TownProfile, VillageRole
from tenants.community.services import roles

LONGEST_THING = 100
MESSAGE = "post"
kinds.register(MESSAGE, "工作移交")
THINGS = ("印章", "存折和积分卡", "库存物品", "纸质台账", "其他")
"""What is handed over besides work; each with a line of text, empty for none."""


@dataclass(frozen=True, slots=True)
class Hands:
    """What somebody holds today: ``posts`` in words, open ``work`` by kind."""

    village_roles: list[VillageRole]
    grants: list[RoleGrant]
    work: dict[str, int]

    @property
    def posts(self) -> list[str]:
        return [_post(role) for role in self.village_roles] + [str(grant.get_role_display()) for grant in self.grants]


def in_hand(user: User) -> Hands:
    """What ``user`` would hand over today."""
    held = community.roles_on(clock.today()).filter(user=user)
    grants = site_roles.grants_in_force().filter(user=user)
    names = {kind.kind: kind.name for kind in registry.kinds()}
    kinds = approvals.work_of(user.pk).values_list("stage__item__subject_kind", flat=True)
    work = dict(Counter(names.get(kind, "其他事项") for kind in kinds))
    return Hands(list(held.select_related("village", "group").order_by("village__code", "role")), list(grants), work)


@transaction.atomic
def hand_over(
    *,
    giver: User,
    receiver: User,
    witness: str,
    things: Mapping[str, str],
    note: str = "",
    by: Actor,
) -> HandOver:
    """All that ``giver`` holds today goes to ``receiver``; what she must stand back from stays with the office.

    ``things``: text for some of ``THINGS``.

    Raises:
        SameHands, WitnessMissing, WitnessInvolved, ThingUnknown, EmptyHands: bad input.
        RoleHeld and the like are no hindrance: a role that the receiver has already is only ended for the giver.
        SupervisorDecidesNothing: the receiver supervises the village whose records she would keep.
    """
    _check(giver, receiver, witness, things)
    held = in_hand(giver)
    if not held.posts:
        raise errors.EmptyHands(name=giver.display_name)
    _pass_roles(held.village_roles, receiver, by)
    _pass_grants(held.grants, receiver, by)
    moved = approval_services.hand_over(giver=giver.pk, receiver=receiver.pk, reason=note, by=by)
    made = HandOver.objects.create(
        giver=giver,
        receiver=receiver,
        giver_name=giver.display_name,
        receiver_name=receiver.display_name,
        witness=witness.strip(),
        on=clock.today(),
        posts=held.posts,
        work=_lines([*moved.moved, *moved.started]),
        things=[[name, things[name].strip()] for name in THINGS if things.get(name, "").strip()],
        note=note.strip()[:300],
        handed_at=clock.now(),
        **by.columns(),
    )
    title = f"{giver.display_name}的职责已移交给您"
    inbox.tell(users=[receiver.pk], kind=MESSAGE, title=title, body="、".join(made.posts), key=f"post/{made.pk}")
    audit.record(by=by, action="post.hand_over", subject=made, giver=giver.pk, receiver=receiver.pk)
    return made


@transaction.atomic
def attach_scan(*, row: HandOver, scan: File, by: Actor) -> None:
    """The signed list, once.

    Raises:
        ScanAttached
    """
    if not HandOver.objects.filter(pk=row.pk, scan=None).update(scan=scan):
        raise errors.ScanAttached
    audit.record(by=by, action="post.attach_scan", subject=row, file=scan.pk)


def paper(row: HandOver) -> bytes:
    """移交清单 with lines for giver, receiver and witness (PDF)."""
    town = TownProfile.objects.first()
    return pdf.compile(
        "flows/hand_over.typ",
        {
            "town": town.name if town else "",
            "number": f"{row.pk:05d}",
            "on": row.on,
            "giver": row.giver_name,
            "receiver": row.receiver_name,
            "witness": row.witness,
            "posts": row.posts,
            "work": [[label, str(count)] for label, count in row.work],
            "things": row.things,
            "note": row.note,
        },
    )


def _check(giver: User, receiver: User, witness: str, things: Mapping[str, str]) -> None:
    if giver.pk == receiver.pk:
        raise errors.SameHands
    if not witness.strip():
        raise errors.WitnessMissing
    if witness.strip() in (giver.display_name, receiver.display_name):
        raise errors.WitnessInvolved
    unknown = set(things) - set(THINGS)
    if unknown or any(len(text) > LONGEST_THING for text in things.values()):
        raise errors.ThingUnknown(most=LONGEST_THING)


def _pass_roles(held: Collection[VillageRole], receiver: User, by: Actor) -> None:
    today = clock.today()
    has = set(community.roles_on(today).filter(user=receiver).values_list("village_id", "role"))
    for role in held:
        roles.end(role=role, on=today, by=by)
        if (role.village_id, role.role) not in has:
            terms: dict[str, Any] = {"seat": role.seat, "group": role.group, "from_date": today}
            roles.appoint(user=receiver, village=role.village, role=role.role, **terms, by=by)


def _pass_grants(held: Collection[RoleGrant], receiver: User, by: Actor) -> None:
    has = set(site_roles.roles_of(receiver))
    for grant in held:
        accounts.end_role(grant=grant, by=by)
        if grant.role not in has:
            accounts.grant_role(user=receiver, role=SiteRole(grant.role), by=by)


def _post(role: VillageRole) -> str:
    place = f"{role.village.name}{role.group.name if role.group else ''}"
    return f"{place}{role.get_role_display()}" + (f"（{role.seat}）" if role.seat else "")


def _lines(items: Collection[Item]) -> list[list[Any]]:
    names = {kind.kind: kind.name for kind in registry.kinds()}
    counted = Counter(names.get(item.subject_kind, "其他事项") for item in items)
    return [[label, count] for label, count in sorted(counted.items())]
