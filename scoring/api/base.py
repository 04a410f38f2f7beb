"""What scoring's endpoints share: the caller's villages and checked input."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from jifen.api.views import GenericViewSet
from jifen.files import selectors as files
from jifen.files.models import File
from jifen.kernel.errors import JifenError, NotFound
from jifen.kernel.permissions import grants_of
from scoring.errors import RuleUnknown
from scoring.models import Rule
from scoring.permissions import ScoringPermission
from scoring.selectors import rules_in_force
from scoring.services.pricing import FACTS
from tenants.community import selectors as community
from tenants.community.models import Household, Resident, Village


class Base(GenericViewSet):
    """Rows of the villages the caller may see; anything else does not exist for her."""

    def villages(self, permission: ScoringPermission) -> set[int] | None:
        return grants_of(self.request.user).scope(permission, "village")

    def within(self, rows: Any, permission: ScoringPermission, field: str = "village") -> Any:
        held = self.villages(permission)
        return rows if held is None else rows.filter(**{f"{field}__in": held})

    def checked(self, form: Any) -> dict[str, Any]:
        filled = form(data=self.request.data)
        filled.is_valid(raise_exception=True)
        return dict(filled.validated_data)

    def village(self, pk: int, permission: ScoringPermission) -> Village:
        return community.village_for(self.request.user, permission, pk)

    def household(self, number: str, permission: ScoringPermission) -> Household:
        found = community.households_for(self.request.user, permission).filter(number=number).first()
        if found is None:
            raise NotFound("没有找到这一户，请核对户号。", field="household")
        return found

    def evidence(self, ids: list[int]) -> list[File]:
        return files.ready(ids, by=self.actor) if ids else []


@contextmanager
def named_facts() -> Iterator[None]:
    """A figure that does not fit is named by its path in the input: ``facts.quantity``."""
    try:
        yield
    except JifenError as error:
        error.field = f"facts.{error.field}" if error.field in FACTS else error.field
        raise


def rule_of(village: Village, pk: int, day: date) -> Rule:
    """A rule of the village on that day; one out of force is judged by the service.

    Raises:
        RuleUnknown: it is none of this town's.
    """
    found = rules_in_force(village, day).filter(pk=pk).first() or Rule.objects.filter(pk=pk).first()
    if found is None:
        raise RuleUnknown
    return found


def resident_of(pk: int | None, field: str, villages: set[int] | None) -> Resident | None:
    """Somebody who belongs, or belonged, to a household of ``villages`` (None: the town); refusals name her.

    Raises:
        NotFound: there is no such person.
    """
    if pk is None:
        return None
    people = Resident.objects.filter(pk=pk)
    if villages is not None:
        people = people.filter(memberships__household__village__in=villages)
    found = people.first()
    if found is None:
        raise NotFound("没有找到这个人，请核对编号。", field=field)
    return found
