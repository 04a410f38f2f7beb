from collections.abc import Collection

from django.db.models import QuerySet

from reporting.errors import ObjectionUnknown
from reporting.models import Objection, ObjectionState


def all_of(villages: Collection[int] | None = None) -> QuerySet[Objection]:
    """``villages`` None means the whole town."""
    rows = Objection.objects.select_related("household", "village", "notice", "posting", "reversal")
    return rows if villages is None else rows.filter(village__in=villages)


def open_ones(villages: Collection[int] | None = None) -> QuerySet[Objection]:
    return all_of(villages).filter(state=ObjectionState.RAISED).order_by("answer_by", "id")


def answered(villages: Collection[int] | None = None) -> QuerySet[Objection]:
    return all_of(villages).exclude(state=ObjectionState.RAISED).order_by("-answered_at", "-id")


def of_households(households: Collection[int]) -> QuerySet[Objection]:
    """What these households asked, newest first."""
    return all_of().filter(household__in=households).order_by("-raised_on", "-id")


def unanswered() -> int:
    """How many objections of the town wait for an answer."""
    return Objection.objects.filter(state=ObjectionState.RAISED).count()


def by_id(pk: int, villages: Collection[int] | None = None) -> Objection:
    """Raises:
    ObjectionUnknown: there is none, or it is not this person's.
    """
    objection = all_of(villages).filter(pk=pk).first()
    if objection is None:
        raise ObjectionUnknown
    return objection
