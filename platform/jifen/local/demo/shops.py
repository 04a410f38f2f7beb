"""Shops of a town: they register on the public site, the town accepts them, each offers goods or services."""

import random
from datetime import date
from decimal import Decimal

from jifen.accounts import services as accounts
from jifen.accounts.models import User
from jifen.kernel.actors import SYSTEM, Actor
from jifen.kernel.tenancy import outside
from jifen.local.demo import adopting, who
from jifen.local.demo.plan import PASSWORD, YEAR, TownPlan
from redemption.services import funds, memberships, offerings, plans, shops
from tenants.community.models import Village
from tenants.models import Town

GOODS = (
    ("牙膏", "支", 5), ("洗衣皂", "块", 3), ("食盐", "袋", 2), ("洗洁精", "瓶", 8), ("抽纸", "提", 10),
    ("酱油", "瓶", 9), ("大米5公斤", "袋", 30), ("菜籽油1.8升", "瓶", 28), ("毛巾", "条", 6), ("垃圾袋", "卷", 4),
)  # fmt: skip
FARM = (("白菜种子", "包", 5), ("复合肥5公斤", "袋", 25), ("锄头", "把", 20), ("劳保手套", "双", 3))
SERVICES = (("剪头发", "次", 12), ("管道疏通", "次", 40), ("空调清洗", "台", 45), ("磨刀", "把", 3))
KINDS = (
    ("village", "积分超市", GOODS),
    ("supermarket", "便民超市", GOODS),
    ("farm", "农资店", FARM),
    ("service", "理发家政店", SERVICES),
)


def open_shops(plan: TownPlan) -> None:
    """The office puts all of them forward; what its flow asks is agreed to in one sitting."""
    village_rows = list(Village.objects.order_by("code"))
    with outside():
        town = Town.objects.get(schema_name=f"t_{plan.host}")
    for number in range(plan.shops):
        village = village_rows[number % len(village_rows)]
        _open(plan, town, village, number)
    adopting.agree_all(memberships.SUBJECT_KIND)
    _plan(plan)


def _open(plan: TownPlan, town: Town, village: Village, number: int) -> None:
    kind, label, goods = KINDS[0] if plan.shops > 15 else KINDS[number % len(KINDS)]
    with outside():
        first = plan.host == "shuren" and number == 0
        user = _keeper(number, "shop" if first else f"shop-{plan.host}-{number + 1}", PASSWORD if first else None)
        shop = shops.register(
            name=f"{village.name}{label}",
            kind=kind,
            address=f"{plan.name}{village.name}便民服务中心旁",
            contact=user.display_name,
            phone=f"1380000{number:04d}",
            user=user,
            by=Actor.of(user),
        )
        by = Actor.of(user)
        membership = memberships.apply(shop=shop, town=town, by=by)
    agreement = f"{plan.name}兑字〔{YEAR}〕{number + 1}号"
    memberships.put_forward(membership=membership, agreement=agreement, fen_per_point=100, by=who.office())
    source = random.Random(f"{plan.host}-shop-{number}")
    for name, unit, price in source.sample(goods, k=min(len(goods), 7)):
        service = kind == "service"
        offerings.add(
            membership=membership, name=name, kind="service" if service else "goods", unit=unit, price=Decimal(price),
            stock=None if service else 400, by=SYSTEM,
        )  # fmt: skip


def _keeper(number: int, username: str, password: str | None) -> User:
    return accounts.create(
        username=username, display_name=f"{'李王张陈刘'[number % 5]}店主", password=password, by=SYSTEM
    )


def _plan(plan: TownPlan) -> None:
    """The town's common plan with the windows its seed states, and the fund that pays."""
    plans.make(
        village=None,
        title=f"{plan.name}{YEAR}年积分兑换方案",
        resolution=f"{YEAR}年第一次村民代表大会",
        effective_from=date(YEAR, 1, 1),
        windows=[
            (date(year, month, first), date(year, month, last))
            for year, windows in ((YEAR, plan.windows), (YEAR + 1, plan.coming))
            for month, first, last in windows
        ],
        by=SYSTEM,
    )
    funds.register(village=None, kind="subsidy", name=f"{YEAR}年镇级财政补助", budget_fen=18_600_000, by=SYSTEM)
