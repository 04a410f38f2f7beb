"""A town before its first deed: roster, people in office, who joined, who consented, shops and plans."""

import io
import random
from datetime import date, timedelta

from openpyxl import Workbook

from jifen.accounts import services as accounts
from jifen.accounts.models import SiteRole, User
from jifen.kernel.actors import SYSTEM
from jifen.local.demo import adopting, groups, shops
from jifen.local.demo.people import People
from jifen.local.demo.plan import PASSWORD, START, TownPlan
from tenants.community import roster
from tenants.community.models import Household, HouseholdMember, Resident, Role, Village
from tenants.community.services import applications, consents, people, relatives, roles, villages

COLUMNS = (
    "村", "组", "户号", "户主姓名", "姓名", "与户主关系", "身份证号", "手机号", "居住地址",
    "户籍在本村", "有宅基地", "有人常住", "星级", "党员", "居住起始",
)  # fmt: skip
SEATS = ("村民监督委员会", "积分志愿者", "积分志愿者", "村两委干部", "村民小组组长")
COMMITTEE = ("committee", "committee2", "committee3", "committee4", "committee5")
"""Accounts of the show village's members: those who sign, and the one who may look into what is objected to."""
GROUPS = 4
TWO_WORDS = "shuren"
"""Where a month takes the word of the office's clerk and then of the town's group."""


def set_up(plan: TownPlan, _: date) -> None:
    source = random.Random(f"{plan.host}-setup")
    if plan.host == TWO_WORDS:
        clerk = accounts.create(username="practice", display_name="镇新时代文明实践所", password=PASSWORD, by=SYSTEM)
        accounts.grant_role(user=clerk, role=SiteRole.TOWN_OFFICER, by=SYSTEM)
    office = accounts.create(username="office", display_name="镇经办兼管理员", password=PASSWORD, by=SYSTEM)
    accounts.grant_role(user=office, role=SiteRole.TOWN_OFFICER, by=SYSTEM)
    accounts.grant_role(user=office, role=SiteRole.TOWN_ADMIN, by=SYSTEM)
    imported = roster.import_file(body=workbook(plan), name=f"{plan.name}花名册.xlsx", village=None, by=SYSTEM)
    if imported.problems:
        raise RuntimeError(f"花名册有错：{imported.problems[:3]}")
    for village in Village.objects.all():
        _village(plan, village, source)
    adopting.adopt(plan)
    shops.open_shops(plan)


def workbook(plan: TownPlan) -> bytes:
    """The town's roster, one line a person, as a clerk would hand it in."""
    book = Workbook()
    sheet = book.create_sheet("花名册", 0)
    sheet.append(COLUMNS)
    people_of = People(plan.host, plan.code[:6])
    source = random.Random(f"{plan.host}-roster")
    for number, village in enumerate(plan.villages, start=1):
        for order in range(1, plan.households + 1):
            for line in _family(people_of, source, village, f"{number:02d}{order:03d}", 1 + order % GROUPS):
                sheet.append(line)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _family(people_of: People, source: random.Random, village: str, number: str, group: int) -> list[list[str | int]]:
    family = people_of.family(START)
    party = source.random() < 0.12
    stars = source.choice((0, 0, 0, 0, 3, 4, 5))
    since = START - timedelta(days=source.randint(400, 12000))
    address = f"{village}{group}组{int(number[2:])}号"
    return [
        [
            village, group, number, family[0].name, person.name, person.relation, person.id_number, person.phone,
            address, "是", "是", "是", stars, "是" if party and index == 0 else "否", f"{since:%Y-%m-%d}",
        ]
        for index, person in enumerate(family)
    ]  # fmt: skip


def _village(plan: TownPlan, village: Village, source: random.Random) -> None:
    households = list(Household.objects.filter(village=village).select_related("head").order_by("number"))
    total = round(len(households) * source.uniform(1.02, 1.1))
    villages.record_total(village=village, as_of=START, total=total, source="村委会年初统计", by=SYSTEM)
    joining = [household for household in households if source.random() < 0.93]
    applications.join_all(households=joining, on=START, ground=_ground(plan), by=SYSTEM)
    members = HouseholdMember.objects.filter(household__in=joining).select_related("resident").order_by("id")
    adults = [row.resident for row in members if row.resident.born_on and row.resident.born_on.year <= START.year - 19]
    willing = [resident for resident in adults if source.random() < 0.72]
    consents.give_all(residents=willing, kind="publication", on=START, by=SYSTEM)
    relatives.declare(resident=adults[0], other=adults[-1], kind="sibling", on=START, by=SYSTEM)
    _appoint(plan, village, joining, source)
    if groups.staffed(plan):
        groups.appoint(village)


def _ground(plan: TownPlan) -> str:
    grounds = {"chuansha": "户在、房在、人在", "shuren": "行政村常住村民"}
    return grounds.get(plan.host, "本村户籍家庭户")


def _appoint(plan: TownPlan, village: Village, households: list[Household], source: random.Random) -> None:
    """A steward, five committee members on their seats, two supervisors."""
    heads = [household.head for household in households if household.head is not None]
    chosen = iter(source.sample(heads, k=9))
    show = village.code.endswith("001")
    _seat(next(chosen), village, Role.STEWARD, "", "steward" if show else None)
    for index, seat in enumerate(SEATS):
        _seat(next(chosen), village, Role.COMMITTEE, seat, COMMITTEE[index] if show else None)
    for index in range(2):
        _seat(next(chosen), village, Role.SUPERVISOR, "", "supervisor" if show and index == 0 else None)
    if show:
        people.give_account(resident=next(chosen), username="resident", password=PASSWORD, by=SYSTEM)


def _seat(resident: Resident, village: Village, role: Role, seat: str, username: str | None) -> User:
    """Only the accounts that the newcomer signs in with get a password."""
    name = username or f"r{resident.pk}"
    user = people.give_account(resident=resident, username=name, password=PASSWORD if username else None, by=SYSTEM)
    roles.appoint(user=user, village=village, role=role, seat=seat, from_date=START, by=SYSTEM)
    return user
