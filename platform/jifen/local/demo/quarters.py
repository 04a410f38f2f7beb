"""The quarter on the wall, questions to it and their answers; the year's close."""

import random
from datetime import date

from jifen.accounts.models import User
from jifen.clocks.models import Due
from jifen.flows import close_year
from jifen.kernel import clock
from jifen.kernel.actors import Actor
from jifen.kernel.tenancy import current_schema
from jifen.local.demo.deeds import steward
from jifen.local.demo.plan import YEAR, TownPlan
from jifen.local.demo.waiting import until
from reporting.models import Notice, Objection
from reporting.services import objections
from scoring.models import Posting, Year
from tenants.community.models import Village

TEXTS = (
    ("这笔扣分当天我家没有人在村里,请核实。", True, "经走访核实,当天该户不在村,扣分不当,予以更正。"),
    ("我家也参加了那次活动,分数好像算少了,请查一下。", False, "经核对签到表与细则,原计分无误,维持原结果。"),
    ("这件事不是我家做的,是隔壁户,请更正。", True, "经查登记户号有误,予以更正。"),
)


def notice(plan: TownPlan, month: date) -> None:
    """The clock publishes; wait until every village's notice hangs."""
    quarter = clock.quarter_of(month)
    villages = Village.objects.count()
    hung = Notice.objects.filter(kind="village_quarter", year=month.year, quarter=quarter)
    until(lambda: hung.count() == villages, f"{quarter}季度公示")


def object_and_answer(plan: TownPlan, month: date) -> None:
    source = random.Random(f"{plan.host}-objections-{month}")
    officer = Actor.of(User.objects.get(username="office"))
    quarter = clock.quarter_of(month)
    months = range(quarter * 3 - 2, quarter * 3 + 1)
    told = {"entries__month__in": months, "entries__year__number": month.year}
    postings = list(Posting.objects.filter(cause="declaration", reversed_at=None, **told).distinct().order_by("pk"))
    for index, posting in enumerate(source.sample(postings, k=2)):
        text, upheld, finding = TEXTS[(index + quarter) % len(TEXTS)]
        _one(posting, text, upheld, finding, officer)


def _one(posting: Posting, text: str, upheld: bool, finding: str, officer: Actor) -> Objection:
    household = posting.declaration.household  # type: ignore[union-attr]
    by = steward(household.village)
    raised = objections.raise_objection(household=household, posting=posting, notice=None, text=text, by=by)
    return objections.answer(objection=raised, upheld=upheld, finding=finding, by=officer)


def close(plan: TownPlan, _: date) -> None:
    """The administrator proposes, the officer confirms, the clock closes the year; wait for the seal."""
    close_year.propose(number=YEAR, by=Actor.of(User.objects.get(username="admin")))
    close_year.confirm(number=YEAR, by=Actor.of(User.objects.get(username="office")))
    until(lambda: Year.objects.filter(number=YEAR, state="sealed").exists() or _failed(), f"{YEAR}年封账")


def _failed() -> bool:
    rows = Due.objects.filter(town=current_schema(), kind=close_year.CLOSE, period__startswith=f"{YEAR}#")
    for row in rows.exclude(problem=""):
        raise RuntimeError(row.problem)
    return False
