"""The desk of a village: what it takes to bring a deed from the mouth to the ledger."""

from datetime import date, datetime
from decimal import Decimal
from functools import cache
from typing import Any

from jifen.approvals import services as approvals
from jifen.files.models import File
from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM, Actor
from scoring import policies
from scoring.models import Declaration, Filing, Review, ReviewItem, Rule, Year
from scoring.rules import library
from scoring.rules.spec import Rulebook, Scheme
from scoring.selectors import passbook
from scoring.services import declarations, filings, posting, reviews, rulebooks, years
from tenants.community.models import Household, Resident, VillageRole
from tests.cast import Cast
from tests.scoring import closing

NOW = datetime.now(clock.TIME_ZONE).date()
MONTH = NOW.replace(day=1)
DAY = MONTH


def rule(code: str, title: str, points: Any, **more: Any) -> dict[str, Any]:
    amount = points if isinstance(points, dict) else {"kind": "fixed", "points": points}
    return {
        "code": code,
        "sign": "positive",
        "category": "人居环境",
        "matter": "日常",
        "title": title,
        "text": f"{title}。",
        "amount": amount,
        "source": {"section": "样例"},
        "declarers": ["self", "neighbour", "group_leader", "steward"],
    } | more


RULES = [
    rule("tidy", "庭院整洁", 2),
    rule("help", "帮助邻居", 5, subject="resident", attribution="resident",
         limits=[{"kind": "points", "value": 12, "period": "month", "scope": "household"}]),
    rule("trees", "植树", {"kind": "per_unit", "points": 3, "unit": "棵"}),
    rule("host", "承办活动", {"kind": "range", "least": 1, "most": 5}),
    rule("class", "培训", 4, limits=[{"kind": "count", "value": 1, "period": "quarter", "scope": "household"}]),
    rule("litter", "乱扔垃圾", 3, sign="negative", declarers=["steward"]),
    rule("report", "举报线索", 10, sensitive=True, evidence="required"),
    rule("honour", "评优加分", 6, redeemable=False),
    rule("prize", "获奖", {"kind": "tiers", "tiers": [
        {"code": "town", "name": "镇级", "points": 4}, {"code": "village", "name": "村级", "points": 2}]}),
    rule("wedding", "红事简办", 8, conditions=[{"when": "tables <= 15", "message": "不超过15桌"}], inputs=[
        {"name": "tables", "label": "桌数", "kind": "count", "unit": "桌"},
        {"name": "held_on", "label": "办事日期", "kind": "date", "required": False},
        {"name": "simple", "label": "是否简办", "kind": "yes_no"},
        {"name": "kind", "label": "种类", "kind": "choice", "choices": ["婚事", "丧事"]},
        {"name": "witness", "label": "见证人", "kind": "person", "required": False}]),
    rule("illegal", "违法建筑", 0, sign="negative", effect={"kind": "bar_honours", "text": "取消当年评优资格"}),
]  # fmt: skip


@cache
def scheme() -> Scheme:
    book = Rulebook.model_validate({"categories": [{"name": "人居环境"}], "rules": RULES})
    return library.load("seed_001").model_copy(update={"rulebook": book})


class Desk:
    """``after``: what the town does with a month, ``filing`` or ``confirmation``; deductions are not heard."""

    def __init__(self, cast: Cast, after: str = "filing") -> None:
        self.cast = cast
        self.village = cast.village()
        self.year = years.open_year(number=NOW.year, by=SYSTEM)
        rulebooks.install(
            scheme=scheme(), effective_from=date(NOW.year - 1, 1, 1), resolution="村民代表大会", by=SYSTEM
        )
        self.choose(date(NOW.year - 1, 1, 1), after=after)
        steward = {"name": "积分管理员核实", "who": {"role": "steward"}, "how": "any", "when": ""}
        committee = {"name": "审核委员会", "who": {"role": "committee"}, "how": "quorum", "when": "",
                     "quorum": {"numerator": 1, "denominator": 2}}  # fmt: skip
        approvals.install(subject_kind="declaration", steps=[steward], by=SYSTEM)
        approvals.install(subject_kind="review", steps=[committee], by=SYSTEM)
        self.steward = cast.steward()
        self.li, self.wu = cast.committee(name="李委员"), cast.committee(name="吴委员")
        self.officer = cast.officer()
        self.zhang = cast.household(name="张三")

    def choose(self, since: date = MONTH, **chosen: Any) -> None:
        """The town's choice from that day on."""
        section = {"after": "filing", "quorum": "0.5", "majority": "0.5", "hearing_days": 0} | chosen
        policies.install(section={"review": section}, effective_from=since, by=SYSTEM)

    @property
    def by(self) -> Actor:
        return Actor.of(self.steward)

    def rule(self, code: str) -> Rule:
        return Rule.objects.get(code=code, version__rulebook__village=None)

    def record(self, code: str = "tidy", **more: Any) -> Declaration:
        """A deed of 张三's household today's month, told by the steward, unless something else is said."""
        told: dict[str, Any] = {
            "household": self.zhang, "resident": None, "happened_on": DAY, "place": "村口", "reason": "见现场照片",
            "channel": "oral", "declared_by": "steward", "facts": {}, "by": self.by,
        }  # fmt: skip
        told |= more
        told.setdefault("rule", self.rule_in_force(code))
        return declarations.record(**told)

    def rule_in_force(self, code: str) -> Rule:
        return Rule.objects.filter(code=code).latest("version__effective_from")

    def head(self, household: Household | None = None) -> Resident:
        found = (household or self.zhang).head
        assert found is not None
        return found

    def sheet(self, month: date = MONTH) -> Review:
        return reviews.open_month(village=self.village, month=month, by=SYSTEM)

    def item(self, declaration: Declaration) -> ReviewItem:
        return ReviewItem.objects.get(declaration=declaration)

    def seat(self, user: Any) -> VillageRole:
        return VillageRole.objects.get(user=user, role="committee")

    def sign_and_close(self, sheet: Review) -> Filing:
        for user in (self.li, self.wu):
            reviews.sign(review=sheet, role=self.seat(user), by=Actor.of(user))
        return reviews.close(review=sheet, by=Actor.of(self.li))

    def decide_all(self, sheet: Review) -> Filing:
        for user in (self.li, self.wu):
            reviews.decide_rest(review=sheet, by=Actor.of(user))
        return self.sign_and_close(sheet)

    def post(self, month: date = MONTH) -> int:
        """The month's sheet from opening to the ledger; the number of entries."""
        sheet = self.sheet(month)
        filings.answer(filing=self.decide_all(sheet), accept=True, by=Actor.of(self.officer))
        return posting.post_review(review=sheet, by=SYSTEM)

    def merit(self, household: Household | None = None, year: Year | None = None) -> Decimal:
        return passbook(household or self.zhang, (year or self.year).number).merit


def photo(state: str) -> File:
    """A file's row in that state."""
    return File.objects.create(
        key=f"t_alpha/{state}", kind="evidence", content_type="image/jpeg", size=1, sha256="0" * 64, state=state,
        created_at=clock.now(), **SYSTEM.columns(),
    )  # fmt: skip


def switch_off(desk: Desk, code: str) -> Rule:
    """The town's next version, in force from the month's first day, has the item switched off."""
    book = scheme().rulebook
    rules = tuple(one.model_copy(update={"active": one.code != code}) for one in book.rules)
    changed = scheme().model_copy(update={"rulebook": book.model_copy(update={"rules": rules})})
    rulebooks.install(scheme=changed, effective_from=DAY, resolution="修订", by=SYSTEM)
    return desk.rule_in_force(code)


def last_year(desk: Desk, *, sealed: bool) -> Year:
    """The year before the desk's."""
    year = years.open_year(number=desk.year.number - 1, by=SYSTEM)
    if sealed:
        closing.seal(year)
    return year
