"""Objections on their way through a flow: where they stand, and who has a word in them."""

from collections.abc import Collection

from django.db.models import Exists, OuterRef, Q

from jifen.accounts.models import User
from jifen.approvals import selectors as flows
from jifen.approvals.models import (
    UNDER_WAY,
    Assignment,
    AssignmentState,
    Item,
    ItemState,
    Stage,
    StageState,
    Word,
    WordKind,
)
from jifen.approvals.selectors.items import MINE
from jifen.kernel.actors import SYSTEM, Actor
from reporting.models import Objection, ObjectionOpinion
from reporting.selectors import postings
from tenants.community.models import Household

KIND = "objection"
VERDICTS = {True: WordKind.APPROVE, False: WordKind.REJECT}
_OUT = (AssignmentState.RECUSED, AssignmentState.CANCELLED)


def item_of(objection: Objection) -> Item | None:
    """The item under way that decides it."""
    return flows.open_item(KIND, objection.pk)


def in_flow(objections: Collection[int]) -> dict[int, int]:
    """Objection and item (ids), of those of ``objections`` that a flow decides or has decided.

    An item that ended without a person's word has decided nothing: the investigators answer.
    """
    verdicts = Word.objects.filter(item=OuterRef("pk"), kind__in=VERDICTS.values()).exclude(actor_realm=SYSTEM.realm)
    decided = Q(state__in=(ItemState.APPROVED, ItemState.REJECTED)) & Exists(verdicts)
    rows = Item.objects.filter(Q(state__in=UNDER_WAY) | decided, subject_kind=KIND, subject_id__in=objections)
    return dict(rows.values_list("subject_id", "pk"))


def seated(items: Collection[int], user_id: int) -> set[int]:
    """Which of the items (ids) the account decides, has decided or is to decide."""
    rows = Assignment.objects.filter(stage__item__in=items, user=user_id).exclude(state__in=_OUT)
    return set(rows.values_list("stage__item", flat=True))


def standing(objections: Collection[int]) -> dict[int, str]:
    """By objection (id) the steps at which it waits: “镇新时代文明实践所核定”; none for those without a flow."""
    stages = Stage.objects.filter(
        item__subject_kind=KIND, item__subject_id__in=objections, item__finished_at=None, state=StageState.ACTIVE
    )
    found: dict[int, str] = {}
    for pk, name in stages.order_by("pk").values_list("item__subject_id", "name"):
        found[pk] = f"{found[pk]}、{name}" if pk in found else name
    return found


def waiting_for(objections: Collection[int], user_id: int) -> set[int]:
    """Which of the objections (ids) lie with the account now, at a step of their flow."""
    rows = Assignment.objects.filter(
        user=user_id,
        state__in=MINE,
        stage__state=StageState.ACTIVE,
        stage__item__subject_kind=KIND,
        stage__item__subject_id__in=objections,
    )
    return set(rows.values_list("stage__item__subject_id", flat=True))


def facts(objection: Objection) -> dict[str, object]:
    """What a flow's conditions look at."""
    points = postings.points(objection)
    kind = "entry" if objection.posting_id else "declaration" if objection.declaration_id else "notice"
    return {
        "kind": kind,
        "points": points,
        "is_negative": points is not None and points < 0,
        "stage": objection.stage,
        "is_direct": objection.is_direct,
    }


def group(objection: Objection) -> int | None:
    """The group (id) of the household whose deed or entry is questioned: its leader may be asked.

    ``None`` for a notice as a whole: the group could only be the objector's, and tell of her.
    """
    if objection.declaration is not None:
        home = objection.declaration.household_id
    else:
        found = postings.facts(objection.posting) if objection.posting_id else None
        home = found.household_id if found else 0
    return Household.objects.filter(pk=home).values_list("group_id", flat=True).first()


def opinion(objection: Objection, *, upheld: bool) -> ObjectionOpinion | None:
    """The newest one of the verdict."""
    return objection.opinions.filter(upheld=upheld).order_by("-id").first()


def disputed_by_opinion(objection: int) -> int | None:
    """The posting (id) that the newest opinion on a questioned notice would correct."""
    rows = ObjectionOpinion.objects.filter(objection=objection, upheld=True).exclude(posting=None)
    return rows.order_by("-id").values_list("posting", flat=True).first()


def decider(item: Item, *, upheld: bool) -> Actor | None:
    """Whose word of the verdict was the last; ``None`` when no person has said it."""
    word = flows.last_word(item, VERDICTS[upheld])
    user = User.objects.filter(pk=word.speaker_id).first() if word else None
    return Actor.of(user) if user else None


def said(item: Item, *, upheld: bool) -> str:
    """The newest reason that came with the verdict; empty when none did."""
    rows = Word.objects.filter(item=item, kind=VERDICTS[upheld]).exclude(text="").exclude(actor_realm=SYSTEM.realm)
    return rows.order_by("-id").values_list("text", flat=True).first() or ""
