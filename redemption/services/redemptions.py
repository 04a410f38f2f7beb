"""兑换: points are held, then captured when goods change hands, or released; captured ones may be returned.

hold ──► capture ──► reverse
     └─► release (by the shop, or when the hold's time is over)

Every step takes the redemption's row, then the offering's, then scoring's balance. Merit is never touched (I4).
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from jifen.audit import services as audit
from jifen.clocks import services as clocks
from jifen.files.models import File
from jifen.kernel import clock, locking
from jifen.kernel.actors import SYSTEM, Actor
from jifen.kernel.points import plain, points
from jifen.kernel.tenancy import require_town
from redemption import errors, figures, locks, selectors
from redemption.models import (
    ExceptionKind,
    ExceptionState,
    Offering,
    Redemption,
    RedemptionException,
    RedemptionState,
    RedemptionWindow,
)
from redemption.money import fen_for
from redemption.services import customers, funds, offerings, vouchers
from scoring import selectors as scoring
from scoring.services import ledger
from tenants.community.models import Household

LEASE = timedelta(minutes=15)
"""How long points stay held (real time)."""
EXPIRY = "redemption.expire_holds"
MOST = 99
THE_HOUSEHOLD = "本户"


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to exchange; the same wish under the same key is the same redemption (I6)."""

    household: Household
    offering: Offering
    quantity: int
    collected_by: str
    is_proxy: bool
    signature: File | None
    signed_on_paper: bool
    key: str
    exception: RedemptionException | None

    def same_as(self, row: Redemption) -> bool:
        wanted = (self.household.pk, self.offering.pk, self.quantity, self.collected_by, self.is_proxy)
        excuse = self.exception.pk if self.exception else None
        return (*wanted, excuse) == (
            row.household_id, row.offering_id, row.quantity, row.collected_by, row.is_proxy, row.exception_id,
        )  # fmt: skip

    def is_excused(self, kind: ExceptionKind) -> bool:
        return self.exception is not None and self.exception.kind == kind


@transaction.atomic
def hold(
    *,
    household_code: str,
    offering: Offering,
    quantity: int,
    collected_by: str,
    is_proxy: bool,
    signature: File | None,
    idempotency_key: str,
    by: Actor,
    signed_on_paper: bool = False,
    exception: RedemptionException | None = None,
) -> Redemption:
    """Reserve the points and the goods for ``LEASE``; the household's merit stays as it is.

    Args:
        household_code: the scanned QR text, or the household number with its check digits.
        collected_by: who fetches it; may be empty unless ``is_proxy``.
        signature: a proxy's signature; ``signed_on_paper`` says that it lies in the shop instead.
        idempotency_key: unique to the shop; the same key and wish give the same redemption.
        exception: an approved one of this household, offering and quantity; one for a missing card needs no code.

    Raises:
        InvalidInput, NotFound, Conflict: see ``redemption.errors``; scoring's ``InsufficientPoints``. Nothing changes.
    """
    _check(quantity, collected_by=collected_by, is_proxy=is_proxy, signed=bool(signature) or signed_on_paper)
    household = _customer(offering, household_code, exception)
    name = collected_by.strip() or THE_HOUSEHOLD
    key = f"{offering.membership_id}:{idempotency_key}"
    wish = Wish(household, offering, quantity, name, is_proxy, signature, signed_on_paper, key, exception)
    locking.limit_waiting()
    locking.advisory(f"redemption:{key}")
    earlier = Redemption.objects.filter(idempotency_key=key).first()
    if earlier is not None:
        return _again(wish, earlier)
    return _reserve(wish, by)


def _check(quantity: int, *, collected_by: str, is_proxy: bool, signed: bool) -> None:
    if not 1 <= quantity <= MOST:
        raise errors.QuantityWrong
    if is_proxy and not collected_by.strip():
        raise errors.CollectorMissing
    if is_proxy and not signed:
        raise errors.SignatureMissing


def _customer(offering: Offering, code: str, exception: RedemptionException | None) -> Household:
    if exception is not None and exception.kind == ExceptionKind.CARD and not code:
        return exception.household
    return customers.find(membership=offering.membership, code=code)


def _again(wish: Wish, earlier: Redemption) -> Redemption:
    if not wish.same_as(earlier):
        raise errors.KeyMismatch
    return earlier


def _reserve(wish: Wish, by: Actor) -> Redemption:
    _check_exception(wish)
    window = _admitted(wish)
    price = points(offerings.take(offering=wish.offering, quantity=wish.quantity) * wish.quantity)
    if wish.exception is not None and wish.exception.points != price:
        raise errors.ExceptionChanged(before=plain(wish.exception.points), now=plain(price))
    ledger.hold(household=wish.household, points=price)
    row = Redemption.objects.create(
        household=wish.household,
        membership=wish.offering.membership,
        offering=wish.offering,
        window=window,
        exception=wish.exception,
        fund=funds.paying_for(wish.household.village),
        quantity=wish.quantity,
        points=price,
        fen=fen_for(price, wish.offering.membership.fen_per_point),
        collected_by=wish.collected_by,
        is_proxy=wish.is_proxy,
        signature=wish.signature,
        signed_on_paper=wish.signed_on_paper,
        held_at=clock.now(),
        hold_expires_at=timezone.now() + LEASE,
        idempotency_key=wish.key,
        **by.columns(),
    )
    _plan_expiry()
    audit.record(by=by, action="redemption.hold", subject=row, village_id=wish.household.village_id, points=price)
    return row


def _check_exception(wish: Wish) -> None:
    """Under the exception's lock: it is approved for this very wish, not over and not used."""
    if wish.exception is None:
        return
    row = locks.exception(wish.exception.pk)
    if (row.household_id, row.offering_id, row.quantity) != (wish.household.pk, wish.offering.pk, wish.quantity):
        raise errors.ExceptionOther
    if row.state != ExceptionState.APPROVED:
        raise errors.ExceptionNotApproved(state=row.get_state_display())
    if row.use_by < clock.today():
        raise errors.ExceptionOver(day=row.use_by)
    used = selectors.use_of(row)
    if used is not None:
        raise errors.ExceptionUsed(number=used.number)


def _admitted(wish: Wish) -> RedemptionWindow | None:
    """Today's window, when the household may exchange at this shop at all; an exception may do without."""
    village, today = wish.household.village, clock.today()
    if not selectors.takes_part(wish.household, today):
        raise errors.HouseholdNotJoined
    served = wish.offering.membership.village
    if served is not None and served.pk != village.pk and not wish.is_excused(ExceptionKind.VILLAGE):
        raise errors.OtherVillage(village=served.name)
    window = selectors.window_on(village, today)
    if window is None and not wish.is_excused(ExceptionKind.WINDOW):
        raise errors.WindowClosed(next=selectors.next_window_text(village, today))
    if not wish.is_excused(ExceptionKind.THRESHOLD):
        short = selectors.below_threshold(wish.household, window.plan if window else selectors.plan_for(village, today))
        if short is not None:
            raise short
    return window


@transaction.atomic
def capture(*, redemption: Redemption, by: Actor) -> Redemption:
    """The goods changed hands: the held points are spent. A second call finds it done.

    Raises:
        HoldExpired: the hold's time is over.
        WrongState: it was released.
    """
    locking.limit_waiting()
    row = locks.redemption(redemption.pk)
    if row.state == RedemptionState.CAPTURED:
        return row
    if row.state != RedemptionState.HELD:
        raise errors.WrongState(what="兑换", state=row.get_state_display())
    if row.hold_expires_at <= timezone.now():
        raise errors.HoldExpired(minutes=LEASE // timedelta(minutes=1))
    reason = f"在{row.membership.shop_name}兑换{row.offering.name}{row.quantity}{row.offering.unit}"
    spent = {"household": row.household, "points": row.points, "year": _year_of(row), "redemption_id": row.pk}
    ledger.capture(**spent, reason=reason, by=by)
    _end(row, RedemptionState.CAPTURED)
    figures.tell(row, sign=1)
    audit.record(
        by=by, action="redemption.capture", subject=row, village_id=row.household.village_id, points=row.points
    )
    vouchers.archive_soon()
    return row


@transaction.atomic
def release(*, redemption: Redemption, by: Actor, reason: str = "") -> Redemption:
    """Points and goods are free again. A second call finds it done.

    Raises:
        WrongState: it was captured.
    """
    locking.limit_waiting()
    row = locks.redemption(redemption.pk)
    if row.state == RedemptionState.RELEASED:
        return row
    if row.state != RedemptionState.HELD:
        raise errors.WrongState(what="兑换", state=row.get_state_display())
    _release(row, by, reason)
    return row


@transaction.atomic
def release_all(*, year: int, reason: str, by: Actor) -> int:
    """Every hold on the points of ``year`` is released before it is sealed; returns how many. Others stay."""
    held = Redemption.objects.filter(state=RedemptionState.HELD, held_at__lt=clock.at(date(year + 1, 1, 1)))
    ids = held.filter(held_at__gte=clock.at(date(year, 1, 1))).order_by("pk").values_list("pk", flat=True)
    return sum(_release_if_held(pk, by, reason) for pk in list(ids))


@transaction.atomic
def expire() -> int:
    """Release the holds whose time is over; returns how many."""
    over = Redemption.objects.filter(state=RedemptionState.HELD, hold_expires_at__lte=timezone.now())
    return sum(
        _release_if_held(pk, SYSTEM, "超时未领取") for pk in list(over.order_by("pk").values_list("pk", flat=True))
    )


@transaction.atomic
def reverse(*, redemption: Redemption, reason: str, by: Actor) -> Redemption:
    """The goods came back: points and stock return. Only in the year of the exchange, and only while unsettled.

    Raises:
        ReasonMissing, WrongState, AlreadySettled, YearOver: nothing changes.
    """
    if not reason.strip():
        raise errors.ReasonMissing
    locking.limit_waiting()
    row = locks.redemption(redemption.pk)
    if row.state != RedemptionState.CAPTURED:
        raise errors.WrongState(what="兑换", state=row.get_state_display())
    if selectors.is_settled(row):
        raise errors.AlreadySettled
    if figures.ended_on(row).year != clock.today().year:
        raise errors.YearOver
    spent = scoring.posting_of_redemption(row.pk)
    ledger.reverse(posting=spent, reason=reason.strip(), by=by, goods_returned=True)
    offerings.put_back(offering=row.offering, quantity=row.quantity)
    row.state, row.reversed_at, row.reason = RedemptionState.REVERSED, clock.now(), reason.strip()
    row.save(update_fields=["state", "reversed_at", "reason"])
    figures.tell(row, sign=-1)
    audit.record(by=by, action="redemption.reverse", subject=row, village_id=row.household.village_id)
    return row


def next_expiry() -> tuple[str, datetime] | None:
    """The period and the business time of the next look at holds; ``None`` while nothing is held."""
    if not Redemption.objects.filter(state=RedemptionState.HELD).exists():
        return None
    return _expiry_after(LEASE / 3)


def _release_if_held(pk: int, by: Actor, reason: str) -> int:
    row = locks.redemption(pk)
    if row.state != RedemptionState.HELD:
        return 0
    _release(row, by, reason)
    return 1


def _release(row: Redemption, by: Actor, reason: str) -> None:
    offerings.put_back(offering=row.offering, quantity=row.quantity)
    ledger.release_hold(household=row.household, points=row.points, year=_year_of(row))
    row.reason = reason.strip()
    _end(row, RedemptionState.RELEASED)
    audit.record(by=by, action="redemption.release", subject=row, village_id=row.household.village_id)


def _year_of(row: Redemption) -> int:
    """The points year that the hold is in: the one of the day it was made."""
    return row.held_at.astimezone(clock.TIME_ZONE).year


def _end(row: Redemption, state: RedemptionState) -> None:
    row.state, row.ended_at = state, clock.now()
    row.save(update_fields=["state", "ended_at", "reason"])


def _plan_expiry() -> None:
    period, due_at = _expiry_after(LEASE)
    clocks.schedule(town=require_town(), kind=EXPIRY, period=period, due_at=due_at)


def _expiry_after(pause: timedelta) -> tuple[str, datetime]:
    """One look per five minutes, however many holds there are."""
    due = (clock.now() + pause + timedelta(minutes=5)).replace(second=0, microsecond=0)
    due -= timedelta(minutes=due.minute % 5)
    return f"{due:%Y-%m-%dT%H:%M}", due
