"""一分是怎么来的:树人镇(seed 002)石岭岗村张三家的一个月,照文件一步一步走。

申报 → 积分审核工作组每月审核 → 镇积分审定工作组审定 → 记入台账 → 存折 → 有误则更正 → 年终清零。
"""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from jifen.approvals import services as approvals
from jifen.files.models import File
from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM, Actor
from scoring import policies, selectors
from scoring.models import Entry, Hearing, Posting, Review, Rule
from scoring.rules import library
from scoring.services import declarations, filings, hearings, ledger, posting, reviews, rulebooks, telling, years
from tenants.community.models import Household, VillageRole
from tests.cast import Cast

SCHEME = library.load("seed_002")


class Shiling:
    """石岭岗村和它的人:积分管理员王管理、审核工作组李委员和吴委员、镇里的陈经办、张三和李四两户。"""

    def __init__(self, cast: Cast) -> None:
        self.today = clock.today()
        self.village = cast.village()
        since = date(self.today.year - 1, 1, 1)
        policy = SCHEME.policy.model_dump(mode="json")
        years.open_year(number=self.today.year, by=SYSTEM)
        rulebooks.install(scheme=SCHEME, effective_from=since, resolution=SCHEME.title, by=SYSTEM)
        policies.install(section={"review": policy["review"]}, effective_from=since, by=SYSTEM)
        steward = {"name": "核实", "who": {"role": "steward"}, "how": "any", "when": ""}
        group = {"name": "积分审核工作组", "who": {"role": "committee"}, "how": "all", "when": ""}
        approvals.install(subject_kind="declaration", steps=[steward], by=SYSTEM)
        approvals.install(subject_kind="review", steps=[group], by=SYSTEM)
        self.steward = Actor.of(cast.steward())
        self.committee = [cast.committee(name="李委员"), cast.committee(name="吴委员")]
        self.officer = Actor.of(cast.officer())
        self.photo = File.objects.create(
            key="t_alpha/photo.jpg", kind="evidence", content_type="image/jpeg", size=1, sha256="0" * 64, state="ready",
            created_at=clock.now(), **SYSTEM.columns(),
        )  # fmt: skip
        self.zhang, self.li = cast.household(name="张三"), cast.household(name="李四")

    def tell(self, household: Household, code: str) -> None:
        """村里的积分管理员当面登记一件事:时间、地点、事由。"""
        declarations.record(
            household=household, resident=None, rule=Rule.objects.get(code=code),
            happened_on=self.today.replace(day=1), place="村口", reason="见登记簿", channel="oral",
            declared_by="steward", facts={}, evidence=[self.photo], by=self.steward,
        )  # fmt: skip

    def review(self) -> Review:
        """月底:逐条通过,两名成员签字,报镇里审定,记账。"""
        sheet = reviews.open_month(village=self.village, month=self.today, by=SYSTEM)
        for user in self.committee:
            reviews.decide_rest(review=sheet, by=Actor.of(user))
        for user in self.committee:
            seat = VillageRole.objects.get(user=user, role="committee")
            reviews.sign(review=sheet, role=seat, by=Actor.of(user))
        filing = reviews.close(review=sheet, by=Actor.of(self.committee[0]))
        filings.answer(filing=filing, accept=True, by=self.officer)
        posting.post_review(review=sheet, by=SYSTEM)
        sheet.refresh_from_db()
        return sheet

    def points(self, household: Household) -> tuple[Decimal | int, Decimal | int]:
        """(评比积分, 可兑换积分)"""
        return selectors.passbook(household, self.today.year).merit, selectors.available(household)


@pytest.fixture
def shiling(cast: Cast) -> Shiling:
    return Shiling(cast)


def test_three_deeds_of_a_month_make_eleven_points(shiling: Shiling) -> None:
    """制止违法 8 分,垃圾分类进红榜 2 分,清洁卫生 1 分:共 11 分。"""
    for code in ("pa-01", "ml-01", "ml-04"):
        shiling.tell(shiling.zhang, code)
    sheet = shiling.review()
    assert (sheet.state, sheet.filings.get().state) == ("posted", "confirmed")
    assert shiling.points(shiling.zhang) == (11, 11)


def test_a_deduction_counts_when_the_household_could_explain(shiling: Shiling, monkeypatch: pytest.MonkeyPatch) -> None:
    """孝老敬老 2 分当即记账;乱丢垃圾扣 2 分先电话告知,三天没有说明才记:净 0 分,但加分和扣分分开记。"""
    shiling.tell(shiling.li, "dd-01")
    shiling.tell(shiling.li, "ml-f04")
    shiling.review()
    assert shiling.points(shiling.li)[0] == 2
    untold = [row.pk for row in Hearing.objects.filter(told_at=None)]
    telling.inform(village=shiling.village, hearings=untold, how="phone", told_on=clock.today(), by=SYSTEM)
    until = shiling.today + timedelta(days=3)
    monkeypatch.setattr(clock, "now", lambda: clock.at(until + timedelta(days=1)))
    hearings.close_due(day=until.isoformat())
    book = selectors.passbook(shiling.li, shiling.today.year)
    assert book.positive == book.negative == 2 and book.merit == 0


def test_a_monthly_item_counts_once_a_month(shiling: Shiling) -> None:
    """“+1分/月”的条目,一个月登记两次也只计一次,第二次写明原因。"""
    shiling.tell(shiling.zhang, "ml-08")
    shiling.tell(shiling.zhang, "ml-08")
    shiling.review()
    assert shiling.points(shiling.zhang)[0] == 1
    assert Posting.objects.latest("pk").explanation.endswith("本月限计1次，已计1次，不再计分")


def test_redeeming_leaves_the_merit_and_takes_the_right_to_redeem(shiling: Shiling) -> None:
    """兑换后积分不清零但不再有兑换权。"""
    shiling.tell(shiling.zhang, "pa-01")
    shiling.review()
    ledger.hold(household=shiling.zhang, points=Decimal(5))
    ledger.capture(household=shiling.zhang, points=Decimal(5), redemption_id=1, reason="换洗衣液", by=shiling.steward)
    assert shiling.points(shiling.zhang) == (8, 3)


def test_a_wrong_point_is_corrected_and_the_old_line_stays(shiling: Shiling) -> None:
    """登错户:原账目保留，新增一笔相反的账目,两户都看得见。"""
    shiling.tell(shiling.zhang, "dd-02")
    shiling.review()
    ledger.reverse(posting=Posting.objects.get(), reason="做好事的是李四家", by=shiling.officer)
    assert shiling.points(shiling.zhang) == (0, 0)
    assert list(Entry.objects.order_by("pk").values_list("amount", flat=True)) == [2, 2, -2, -2]
    assert [row.is_reversed for row in selectors.passbook(shiling.zhang, shiling.today.year).rows] == [False, True]
