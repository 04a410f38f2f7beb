"""Reading the exchange: who may exchange when and what, what was exchanged, what is owed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, TypeVar

from django.db.models import Case, Count, F, Max, Model, OuterRef, Q, QuerySet, Subquery, Sum, When

from jifen.kernel import clock, masking
from jifen.kernel.errors import JifenError, NotFound
from jifen.kernel.points import ZERO, plain
from jifen.kernel.reading import whole
from redemption import errors, policies
from redemption import windows as opening
from redemption.models import (
    ExceptionState,
    Fund,
    Membership,
    MembershipState,
    Offering,
    Redemption,
    RedemptionException,
    RedemptionPlan,
    RedemptionState,
    RedemptionWindow,
    Settlement,
    SettlementLine,
)
from scoring import selectors as scoring
from scoring.errors import RedemptionBarred
from scoring.selectors import effects
from tenants.community import codes
from tenants.community import selectors as community
from tenants.community.models import Household, Village

T = TypeVar("T", bound=Model)
FEN = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Customer:
    """All that a shop ever sees of a household."""

    code: str
    number: str
    head: str
    available: Decimal
    problem: str = ""


def household_by_code(code: str) -> Household:
    """The household of a scanned or typed code.

    Raises:
        HouseholdUnknown: wrong number or check digits; it does not say which.
    """
    try:
        return community.household_by_code(code)
    except JifenError:
        raise errors.HouseholdUnknown from None


def takes_part(household: Household, day: date) -> bool:
    return community.is_joined(household, day)


def customer_of(household: Household, code: str = "") -> Customer:
    """``household`` as a shop may see it."""
    head = masking.name(household.head.name) if household.head else "*"
    return Customer(code, household.number, head, scoring.available(household), obstacle(household))


def obstacle(household: Household) -> str:
    """Why the household cannot exchange today, in Chinese; empty when it can."""
    today = clock.today()
    if not takes_part(household, today):
        return errors.HouseholdNotJoined().message
    bar = effects.bar(household, "bar_redemption", today)
    if bar is not None:
        return RedemptionBarred(reason=bar.text, when=bar.when).message
    window = window_on(household.village, today)
    if window is None:
        return errors.WindowClosed(next=next_window_text(household.village, today)).message
    short = below_threshold(household, window.plan)
    return short.message if short else ""


def below_threshold(household: Household, plan: RedemptionPlan | None) -> errors.BelowThreshold | None:
    """What is to be said when the household has less than the plan's least; ``None`` when it has enough."""
    available = scoring.available(household)
    if plan is None or available >= plan.threshold:
        return None
    return errors.BelowThreshold(available=plain(available), threshold=plain(plan.threshold))


def plan_for(village: Village, day: date) -> RedemptionPlan | None:
    """The newest plan in force on ``day``: the village's own, else the town's."""
    plans = RedemptionPlan.objects.filter(Q(village=village) | Q(village=None), effective_from__lte=day)
    return plans.order_by(F("village").asc(nulls_last=True), "-effective_from").first()


def window_on(village: Village, day: date) -> RedemptionWindow | None:
    """The window that is open for ``village``'s households on ``day``."""
    plan = plan_for(village, day)
    if plan is None:
        return None
    return plan.windows.select_related("plan").filter(opens_on__lte=day, closes_on__gte=day).first()


def next_window(village: Village, day: date) -> RedemptionWindow | None:
    """The first window that opens after ``day``."""
    plan = plan_for(village, day)
    return plan.windows.filter(opens_on__gt=day).first() if plan else None


def last_window_day(year: int, village: Village | None = None) -> date | None:
    """The last day of the windows that open in ``year``: of the village's plan then, or of any plan."""
    windows = RedemptionWindow.objects.filter(opens_on__year=year)
    if village is not None:
        windows = windows.filter(plan=plan_for(village, date(year, 12, 31)))
    return windows.aggregate(last=Max("closes_on"))["last"]  # type: ignore[no-any-return]


def exchange_due(first: date, last: date) -> date | None:
    """Until when in these days (both included) every village is to have exchanged, as the town's scheme states; None:
    it is open all year, or none of the days is in this time."""
    scheme = policies.on(last).redemption
    if any(window.kind == "open" for window in scheme.windows):
        return None
    return max((closes for _, closes in opening.of_year(scheme, first.year) if first <= closes <= last), default=None)


def villages_with_windows(first: date, last: date) -> set[int]:
    """Villages whose households may exchange on some of these days: by a plan of their own, else by the town's."""
    open_then = RedemptionWindow.objects.filter(
        plan__effective_from__lte=last, opens_on__lte=last, closes_on__gte=first
    )
    own = set(open_then.exclude(plan__village=None).values_list("plan__village", flat=True))
    if not open_then.filter(plan__village=None).exists():
        return own
    planned = RedemptionPlan.objects.filter(effective_from__lte=last).exclude(village=None)
    return own | set(Village.objects.exclude(pk__in=planned.values("village")).values_list("pk", flat=True))


def windows_in(year: int, village: int | None = None) -> list[opening.Days]:
    """The days of ``year`` on which redemption is open: by the village's plan, else the town's; sorted."""
    plans = RedemptionPlan.objects.filter(effective_from__lte=date(year, 12, 31))
    asked = plans.filter(village=village) if village and plans.filter(village=village).exists() else None
    rows = RedemptionWindow.objects.filter(plan__in=plans.filter(village=None) if asked is None else asked)
    found = rows.filter(opens_on__lte=date(year, 12, 31), closes_on__gte=date(year, 1, 1))
    return opening.joined(found.values_list("opens_on", "closes_on"))


def next_window_text(village: Village, day: date) -> str:
    """What to tell somebody who comes on a closed day."""
    window = next_window(village, day)
    if window is None:
        return "下次兑换日期请看村里通知。"
    return f"下次兑换从{window.opens_on.year}年{window.opens_on.month}月{window.opens_on.day}日开始。"


def offerings_for(village: Village) -> QuerySet[Offering]:
    """What the village's households can get: first in the shops that serve it or stand in it, in each the cheapest."""
    open_to = Q(membership__village=None) | Q(membership__village=village)
    rows = Offering.objects.filter(open_to, is_active=True, membership__state=MembershipState.ACTIVE)
    return rows.select_related("membership").order_by(
        Case(When(_near(village), then=0), default=1), "membership__shop_name", "price"
    )


def _near(village: Village) -> Q:
    """Offerings of the village's own shop, or of one that serves the town and stands there by its name or address."""
    named = Q(membership__shop_name__contains=village.name) | Q(membership__shop_address__contains=village.name)
    return Q(membership__village=village) | named


def offerings_of(membership: Membership) -> QuerySet[Offering]:
    """What a shop has on its shelf and in stock."""
    return membership.offerings.filter(is_active=True).exclude(stock=0)


def shops_for(villages: Iterable[int] | None = None) -> QuerySet[Membership]:
    """The active shops; of ``villages`` only those that serve one of them."""
    rows = Membership.objects.filter(state=MembershipState.ACTIVE).select_related("village")
    return rows if villages is None else rows.filter(village_id__in=list(villages))


def shelf(villages: Iterable[int] | None = None) -> QuerySet[Offering]:
    """Everything on the shelves of ``shops_for(villages)``, also what is taken down."""
    return Offering.objects.filter(membership__in=shops_for(villages)).select_related("membership__village")


def redemptions(villages: Iterable[int] | None = None) -> QuerySet[Redemption]:
    """The newest first; of the households of ``villages``, or of the whole town."""
    whose = ("household__village", "household__group", "household__head")
    rows = Redemption.objects.select_related(*whose, "offering", "membership", "fund", "voucher__file", "exception")
    return rows if villages is None else rows.filter(household__village_id__in=list(villages))


def search(rows: QuerySet[Redemption], word: str) -> QuerySet[Redemption]:
    """By the number of the redemption or the household, the shop or the offering."""
    return rows.filter(
        Q(number=word.upper())
        | Q(household__number=word)
        | Q(membership__shop_name__contains=word)
        | Q(offering__name__contains=word)
    )


def exceptions(villages: Iterable[int] | None = None) -> QuerySet[RedemptionException]:
    """The newest first; of the households of ``villages``, or of the whole town."""
    related = ("household__village", "household__head", "offering", "membership__village")
    rows = RedemptionException.objects.select_related(*related)
    return rows if villages is None else rows.filter(household__village_id__in=list(villages))


def with_use(rows: QuerySet[RedemptionException]) -> QuerySet[RedemptionException]:
    """Adds ``used``: the redemption that each was used for."""
    used = Redemption.objects.exclude(state=RedemptionState.RELEASED).filter(exception=OuterRef("pk"))
    return rows.annotate(used=Subquery(used.values("pk")[:1]))


def exception_of(membership: Membership, pk: Any) -> RedemptionException:
    """Raises:
    NotFound: it is not this shop's.
    """
    return _found(exceptions().filter(membership=membership), pk)


def usable_exceptions(
    membership: Membership, day: date, household: Household | None = None
) -> list[RedemptionException]:
    """The shop's approved exceptions that are neither used nor over on ``day``; of one household, or of all."""
    rows = exceptions().filter(membership=membership, state=ExceptionState.APPROVED, use_by__gte=day)
    rows = rows.exclude(redemptions__in=Redemption.objects.exclude(state=RedemptionState.RELEASED))
    return list(rows if household is None else rows.filter(household=household))


def use_of(row: RedemptionException) -> Redemption | None:
    """The redemption that it was used for; a released one does not count."""
    return row.redemptions.exclude(state=RedemptionState.RELEASED).first()


def redemptions_of(household: Household) -> QuerySet[Redemption]:
    return redemptions().filter(household=household)


def redemption_of_household(household: Household, pk: Any) -> Redemption:
    """Raises:
    NotFound: it is not this household's.
    """
    return _found(redemptions_of(household), pk)


def of_shop_today(membership: Membership) -> QuerySet[Redemption]:
    """What the shop handled today, and what it still holds."""
    today = Q(held_at__gte=clock.at(clock.today())) | Q(state=RedemptionState.HELD)
    return redemptions().filter(today, membership=membership)


def offering_of(membership: Membership, pk: Any) -> Offering:
    """Raises:
    NotFound: the shop has no such offering.
    """
    return _found(membership.offerings.select_related("membership__village"), pk)


def redemption_of(membership: Membership, pk: Any) -> Redemption:
    """Raises:
    NotFound: it is not this shop's.
    """
    return _found(redemptions().filter(membership=membership), pk)


def settlement_of(membership: Membership, pk: Any) -> Settlement:
    """Raises:
    NotFound: it is not this shop's.
    """
    return _found(settlements().filter(membership=membership), pk)


def totals(rows: QuerySet[Redemption]) -> dict[str, Decimal | int]:
    """``redemptions``, ``points`` and ``fen`` of the captured ones among ``rows``."""
    done = rows.filter(state=RedemptionState.CAPTURED).order_by()
    sums = done.aggregate(redemptions=Count("pk"), points=Sum("points"), fen=Sum("fen"))
    return {key: value or 0 for key, value in sums.items()}


def unsettled(rows: QuerySet[Redemption]) -> QuerySet[Redemption]:
    """The captured ones among ``rows`` that stand in no settlement yet: what the funds still owe."""
    return rows.filter(state=RedemptionState.CAPTURED, settlement_line=None)


def totals_of(rows: Iterable[Redemption]) -> dict[str, Decimal | int]:
    """As ``totals``, of rows that are here already."""
    done = [row for row in rows if row.state == RedemptionState.CAPTURED]
    return {
        "redemptions": len(done),
        "points": sum((row.points for row in done), ZERO),
        "fen": sum(row.fen for row in done),
    }


def is_settled(row: Redemption) -> bool:
    return SettlementLine.objects.filter(redemption=row).exists()


def settlements(villages: Iterable[int] | None = None) -> QuerySet[Settlement]:
    """Newest first; those that the funds of ``villages`` pay, or all."""
    rows = Settlement.objects.select_related("membership", "fund__village")
    return rows if villages is None else rows.filter(fund__village_id__in=list(villages))


def memberships() -> QuerySet[Membership]:
    """All shops of the network, those that wait for an answer first."""
    return (
        Membership.objects.select_related("village").annotate(goods=Count("offerings")).order_by("state", "shop_name")
    )


def plans(villages: Iterable[int] | None = None) -> QuerySet[RedemptionPlan]:
    rows = RedemptionPlan.objects.select_related("village").prefetch_related("windows")
    if villages is None:
        return rows
    return rows.filter(Q(village_id__in=list(villages)) | Q(village=None))


def funds(villages: Iterable[int] | None = None) -> QuerySet[Fund]:
    """With ``spent``: fen of what was captured against each."""
    spent = Sum("redemptions__fen", filter=Q(redemptions__state=RedemptionState.CAPTURED), default=0)
    rows = Fund.objects.select_related("village").annotate(spent=spent).order_by("village__code", "pk")
    return rows if villages is None else rows.filter(village_id__in=list(villages))


def town_pays() -> bool:
    """The town has a fund of its own, which pays where a village has none."""
    return Fund.objects.filter(village=None).exists()


@dataclass(frozen=True, slots=True)
class CardCode:
    """``text`` is what the QR holds, ``digits`` what is typed behind the household number."""

    text: str
    digits: str


def card_code(household: Household) -> CardCode:
    return CardCode(codes.text(household), codes.check_digits(household))


def _found(rows: QuerySet[T], pk: Any) -> T:
    found = rows.filter(pk=whole(str(pk)) or 0).first()
    if found is None:
        raise NotFound
    return found


def point_prices(first: date, last: date) -> dict[int, Decimal]:
    """Yuan that one exchanged point cost each village (id) in these days, both included.

    Where nothing was exchanged: the mean of what the shops that it may go to agreed. Without a shop it is left out.
    """
    paid = dict(_paid(first, last))
    agreed = list(Membership.objects.filter(state=MembershipState.ACTIVE).values_list("village_id", "fen_per_point"))
    found: dict[int, Decimal] = {}
    for village in Village.objects.values_list("pk", flat=True):
        fens = [fen for place, fen in agreed if place in (None, village)]
        if village in paid:
            found[village] = paid[village]
        elif fens:
            found[village] = (Decimal(sum(fens)) / len(fens) / 100).quantize(FEN)
    return found


def _paid(first: date, last: date) -> Iterable[tuple[int, Decimal]]:
    done = Redemption.objects.filter(state=RedemptionState.CAPTURED, held_at__date__range=(first, last))
    sums = done.values("household__village").annotate(all_fen=Sum("fen"), all_points=Sum("points"))
    for row in sums.order_by("household__village"):
        yield row["household__village"], (Decimal(row["all_fen"]) / row["all_points"] / 100).quantize(FEN)
