"""移交: a post changes hands in one act: roles, seats, open work; with a list that three people sign."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from jifen.accounts import selectors as site_roles
from jifen.accounts import services as accounts
from jifen.accounts.models import RoleGrant, SiteRole, User
from jifen.approvals import registry
from jifen.approvals import selectors as approvals
from jifen.approvals import services as approval_services
from jifen.approvals.models import Item, ItemState
from jifen.audit import services as audit
from jifen.files.models import File
from jifen.flows import errors
from jifen.inbox import kinds
from jifen.inbox import services as inbox
from jifen.kernel import clock
from jifen.kernel.actors import Actor
from jifen.kernel.errors import InvalidInput
from jifen.web import pdf
from tenants.community import in_hand as rooms
from tenants.community import selectors as community
from tenants.community.in_hand import Open, Thing
from tenants.community.models import HandOver, TownProfile, VillageRole
from tenants.community.services import roles

LONGEST_THING = 100
MESSAGE = "post"
kinds.register(MESSAGE, "工作移交")
THINGS = ("印章", "存折和积分卡", "库存物品", "纸质台账", "钥匙和设备")
"""What is usually handed over besides work."""
ENDED = "（接收人已任此职，移交人的一份到今天为止）"
MOST_THINGS = 50
LARGEST = 99_999
Row = list[Any]


@dataclass(frozen=True, slots=True)
class Hands:
    """What somebody holds today: ``posts`` in words; what is hers in flows (``work``, by kind; ``resting`` of these)
    and elsewhere (``open``); the ``stock`` of a shop she runs."""

    village_roles: list[VillageRole]
    grants: list[RoleGrant]
    work: dict[str, int]
    resting: dict[str, int]
    open: list[Open]
    stock: list[Thing]

    @property
    def posts(self) -> list[str]:
        return [_post(role) for role in self.village_roles] + [str(grant.get_role_display()) for grant in self.grants]

    @property
    def in_flows(self) -> list[Open]:
        return [Open(label, count, _rests(self.resting.get(label, 0))) for label, count in self.work.items()]


def in_hand(user: User) -> Hands:
    """What ``user`` would hand over today."""
    held = community.roles_on(clock.today()).filter(user=user)
    grants = site_roles.grants_in_force().filter(user=user)
    items = approvals.in_hand(user.pk)
    work, rest = dict(Counter(_named(items))), Counter(_named(_resting(items)))
    asked = Open("别人的询问待答复", approvals.questions_for(user.pk).count())
    elsewhere = [*([asked] if asked.count else []), *rooms.work_of(user)]
    roles_held = list(held.select_related("village", "group").order_by("village__code", "role"))
    return Hands(roles_held, list(grants), work, dict(rest), elsewhere, rooms.things_of(user))


@transaction.atomic
def hand_over(
    *,
    giver: User,
    receiver: User,
    witness: str,
    things: Sequence[Thing] = (),
    note: str = "",
    by: Actor,
) -> HandOver:
    """All that ``giver`` holds today goes to ``receiver``; what she may not take stays and is on the list with its why.

    ``things``: what is handed over besides; the stock of a shop she runs is added as it is counted today.

    Raises:
        SameHands, WitnessMissing, WitnessInvolved, ThingUnknown, EmptyHands: bad input.
        RoleHeld and the like are no hindrance: a role that the receiver has already is only ended for the giver, and
        the list says so.
        SupervisorDecidesNothing: the receiver supervises the village whose records she would keep.
    """
    held = check(giver=giver, receiver=receiver, witness=witness, things=things)
    approval_services.pass_on_questions(giver=giver.pk, receiver=receiver.pk, by=by)
    passed = [*_pass_roles(held.village_roles, receiver, by), *_pass_grants(held.grants, receiver, by)]
    moved = approval_services.hand_over(giver=giver.pk, receiver=receiver.pk, reason=note, by=by)
    made = HandOver.objects.create(
        giver=giver,
        receiver=receiver,
        giver_name=giver.display_name,
        receiver_name=receiver.display_name,
        witness=witness.strip(),
        on=clock.today(),
        posts=passed,
        work=[
            *_lines({item.pk: item for item in (*moved.moved, *moved.started)}.values()),
            *([one.name, one.count, one.remark] for one in held.open),
            *_stayed(moved.stayed),
        ],
        things=[[one.what.strip(), one.count, one.remark.strip()] for one in (*things, *held.stock)],
        note=note.strip()[:300],
        handed_at=clock.now(),
        **by.columns(),
    )
    title = f"{giver.display_name}的职责已移交给您"
    inbox.tell(users=[receiver.pk], kind=MESSAGE, title=title, body="、".join(made.posts), key=f"post/{made.pk}")
    audit.record(by=by, action="post.hand_over", subject=made, giver=giver.pk, receiver=receiver.pk)
    return made


def rehearse(**terms: Any) -> HandOver:
    """The list as ``hand_over`` with the same ``terms`` would write it; everything is taken back.

    Raises:
        What ``hand_over`` raises.
    """
    with transaction.atomic():
        made = hand_over(**terms)
        transaction.set_rollback(True)
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
            **shown(row),
            "note": row.note,
        },
    )


def check(*, giver: User, receiver: User, witness: str, things: Sequence[Thing] = ()) -> Hands:
    """What would be handed over, while nothing is.

    Raises:
        SameHands, WitnessMissing, WitnessInvolved, ThingUnknown, EmptyHands.
    """
    if giver.pk == receiver.pk:
        raise errors.SameHands
    if not witness.strip():
        raise errors.WitnessMissing
    if witness.strip() in (giver.display_name, receiver.display_name):
        raise errors.WitnessInvolved
    if len(things) > MOST_THINGS or not all(map(_is_plain, things)):
        raise errors.ThingUnknown(most=LONGEST_THING, largest=LARGEST)
    held = in_hand(giver)
    if not held.posts:
        raise errors.EmptyHands(name=giver.display_name)
    return held


def _is_plain(one: Thing) -> bool:
    named = 0 < len(one.what.strip()) <= LONGEST_THING and len(one.remark) <= LONGEST_THING
    return named and (one.count is None or 0 <= one.count <= LARGEST)


def _pass_roles(held: Collection[VillageRole], receiver: User, by: Actor) -> list[str]:
    """The posts in words; a seat that the receiver's own leaves empty is told."""
    today = clock.today()
    has = set(community.roles_on(today).filter(user=receiver).values_list("village_id", "role"))
    for role in held:
        roles.end(role=role, on=today, by=by)
        if (role.village_id, role.role) not in has:
            terms: dict[str, Any] = {"seat": role.seat, "group": role.group, "from_date": today}
            try:
                roles.appoint(user=receiver, village=role.village, role=role.role, **terms, by=by)
            except InvalidInput as refused:
                refused.field = "receiver"
                raise
    return [_post(role) + (ENDED if (role.village_id, role.role) in has else "") for role in held]


def _pass_grants(held: Collection[RoleGrant], receiver: User, by: Actor) -> list[str]:
    has = set(site_roles.roles_of(receiver))
    for grant in held:
        accounts.end_role(grant=grant, by=by)
        if grant.role not in has:
            accounts.grant_role(user=receiver, role=SiteRole(grant.role), by=by)
    return [str(grant.get_role_display()) + (ENDED if grant.role in has else "") for grant in held]


def _post(role: VillageRole) -> str:
    place = f"{role.village.name}{role.group.name if role.group else ''}"
    return f"{place}{role.get_role_display()}" + (f"（{role.seat}）" if role.seat else "")


def _cells(row: Row, unit: str) -> list[str]:
    """Name, number, remark. Lists of earlier years have no remark, their things no number."""
    name, number, remark = [*row, ""][:3]
    if isinstance(number, str):
        number, remark = None, number
    return [name, "" if number is None else f"{number}{unit}", remark]


def shown(row: HandOver) -> dict[str, list[list[str]]]:
    """The lists of a hand-over as they are read: name, number, remark."""
    return {"work": [_cells(one, "件") for one in row.work], "things": [_cells(one, "") for one in row.things]}


def _lines(items: Collection[Item]) -> list[Row]:
    counted, rest = Counter(_named(items)), Counter(_named(_resting(items)))
    return [[label, count, _rests(rest[label])] for label, count in sorted(counted.items())]


def _resting(items: Iterable[Item]) -> list[Item]:
    return [item for item in items if item.state == ItemState.SUSPENDED]


def _rests(count: int) -> str:
    return f"其中{count}件已暂停，在“暂停的”里恢复" if count else ""


def _stayed(refused: Collection[tuple[Item, str]]) -> list[Row]:
    """What the receiver may not take, by kind and reason."""
    labels = _named([item for item, _ in refused])
    counted = Counter(zip(labels, (reason for _, reason in refused), strict=True))
    return [[label, count, f"没有移交：{reason}"] for (label, reason), count in sorted(counted.items())]


def _named(items: Iterable[Item]) -> list[str]:
    names = {kind.kind: kind.name for kind in registry.kinds()}
    return [names.get(item.subject_kind, "其他事项") for item in items]
