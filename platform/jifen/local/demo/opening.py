"""The provider, the district and the opening of its towns, through the flow that the provider's page uses."""

from collections.abc import Callable

from jifen.accounts import services as accounts
from jifen.accounts.models import SiteRole
from jifen.flows import open_town, tasks
from jifen.kernel.actors import SYSTEM, Actor
from jifen.local.demo.plan import DISTRICT_CODE, DISTRICT_NAME, PASSWORD, DistrictPlan
from jifen.local.demo.waiting import until
from tenants.models import District, DistrictRole, Town, TownState


def open_district(district_plan: DistrictPlan, check: Callable[[], None]) -> None:
    """One district, its office and its towns; returns when all towns are ready."""
    provider = accounts.create(username="provider", display_name="运营方值班员", password=PASSWORD, by=SYSTEM)
    accounts.grant_role(user=provider, role=SiteRole.PROVIDER, by=SYSTEM)
    district = District.objects.create(code=DISTRICT_CODE, name=DISTRICT_NAME)
    office = accounts.create(username="district", display_name="区农业农村局", password=PASSWORD, by=SYSTEM)
    DistrictRole.objects.create(user=office, district=district)
    by = Actor.of(provider)
    for plan in district_plan.towns:
        open_town.request(
            district=district,
            name=plan.name,
            code=plan.code,
            scheme_code=plan.scheme_code,
            host=plan.host,
            admin_name="镇管理员",
            villages=[f"{village} {phone}" for village, phone in zip(plan.villages, plan.phones, strict=True)],
            phone=plan.phone,
            by=by,
            send=tasks.send,
        )
    until(lambda: _ready() >= len(district_plan.towns), "开通三个镇", check)


def _ready() -> int:
    return Town.objects.filter(state=TownState.READY).count()
