"""Read the register of districts and towns; works inside and outside a town."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from jifen.audit.models import AuditRow
from jifen.kernel.database import connection
from jifen.kernel.permissions import Grant, allotted_to
from jifen.kernel.tenancy import PUBLIC, entered
from tenants.community.models import Village
from tenants.models import District, DistrictRole, Domain, Town, TownState

_scheme_titles: list[Callable[[str], str]] = []


def register_scheme_titles(source: Callable[[str], str]) -> None:
    """The room that keeps the schemes says here what one is called (its code → its title)."""
    _scheme_titles[:] = [source]


def scheme_title(town: Town) -> str:
    return _scheme_titles[0](town.scheme_code) if _scheme_titles else ""


@dataclass(frozen=True, slots=True)
class Glance:
    """What the provider sees of a town from outside: counts and times, nobody's name."""

    villages: int
    last_act: datetime | None


def glance(town: Town) -> Glance | None:
    """None while the town has no tables, or is closed for good."""
    if town.state not in (TownState.READY, TownState.SUSPENDED):
        return None
    with entered(town.schema_name):
        last = AuditRow.objects.order_by("-at").values_list("business_at", flat=True).first()
        return Glance(Village.objects.count(), last)


def ready_towns() -> QuerySet[Town]:
    """Towns that are served, by code."""
    return Town.objects.filter(state=TownState.READY).select_related("district")


def all_towns() -> QuerySet[Town]:
    """Every town with its district, its way into being and its host names."""
    return Town.objects.select_related("district", "provisioning").prefetch_related("domains")


def town_of_code(code: str) -> Town | None:
    return Town.objects.filter(code=code).select_related("district").first()


def host_of(town: Town) -> str:
    """The host name the town answers to first."""
    return str(Domain.objects.filter(tenant=town).order_by("-is_primary", "pk").values_list("domain", flat=True)[0])


def districts() -> QuerySet[District]:
    return District.objects.all()


def district_grants(user: Any) -> Iterable[Grant]:
    """What a district's account may read: that district."""
    if connection.schema_name != PUBLIC:
        return []
    ids = DistrictRole.objects.filter(user=user).values_list("district_id", flat=True)
    return [Grant(allotted_to("district"), "district", district) for district in ids]
