"""分红: part a pool of money by points. What is previewed is what is confirmed; nothing is booked on the ledger."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Any

from django.db import connection, transaction

from jifen.audit import services as audit
from jifen.kernel import clock, locking
from jifen.kernel.actors import Actor
from scoring import dividend_errors as errors
from scoring.models import Dividend, RulebookVersion
from scoring.rules import pools
from scoring.rules.base import plain
from scoring.rules.spec_settings import Pool
from scoring.selectors import dividends as selectors
from scoring.selectors.dividends import Term
from scoring.services import dividend_news
from scoring.sql import dividends as sql
from tenants.community.models import Village

FEN = Decimal("0.01")
MOST = Decimal(1_000_000_000)
LONGEST = 200
ENDED = {"paid": "发放", "void": "作废"}


@dataclass(frozen=True, slots=True)
class Line:
    """One household (id) with its points and its share."""

    household: int
    points: Decimal
    fen: int


@dataclass(frozen=True, slots=True)
class Plan:
    """A run as it would be made now. ``mark`` changes with anything that would change a share."""

    village: Village | None
    version: RulebookVersion
    pool: Pool
    term: Term
    amount_fen: int
    carried: Dividend | None
    points: Decimal
    residue_fen: int
    told: str
    lines: list[Line]

    @property
    def carried_fen(self) -> int:
        return self.carried.residue_fen if self.carried else 0

    @property
    def goes(self) -> str:
        """Where the residue goes, in words."""
        return pools.GOES[self.pool.residue]

    @property
    def mark(self) -> str:
        shares = [(one.household, one.points, one.fen) for one in self.lines]
        told = (
            self.village and self.village.pk, self.pool.model_dump_json(), self.term.code, self.amount_fen,
            self.carried and self.carried.pk, self.residue_fen, shares,
        )  # fmt: skip
        return sha256(repr(told).encode()).hexdigest()


def plan(*, village: Village | None, pool: str, term: str, amount: Decimal | None) -> Plan:
    """What a run of ``pool`` (its code) over ``term`` (its code) would give; ``amount`` in yuan.

    Raises:
        PoolUnknown, TermUnknown, AmountWrong, TermUnposted, DividendTaken, DividendLater, NobodyTakesPart.
    """
    version = selectors.version_for(village)
    found = next((one for one in selectors.pools_of(version) if one.code == pool), None)
    if version is None or found is None:
        raise errors.PoolUnknown
    period = next((one for one in selectors.terms(found) if one.code == term), None)
    if period is None:
        raise errors.TermUnknown(every=selectors.EVERY[found.period])
    if amount is None or not FEN <= amount <= MOST or amount != amount.quantize(FEN):
        raise errors.AmountWrong
    waiting = selectors.unposted(village, period)
    if waiting:
        raise errors.TermUnposted(villages="、".join(waiting[:5]))
    carried = _before(village, found, period)
    return _parted(village, version, found, period, amount, carried)


def _before(village: Village | None, pool: Pool, term: Term) -> Dividend | None:
    """The run whose residue this one takes over."""
    last = selectors.standing(village, pool.code).first()
    if last is None:
        return None
    if last.since == term.since:
        raise errors.DividendTaken(name=pool.name, term=term.label)
    if last.since > term.since:
        raise errors.DividendLater(name=pool.name, term=last.term)
    return last if last.terms["residue"] == "next" and last.residue_fen else None


def _parted(
    village: Village | None, version: RulebookVersion, pool: Pool, term: Term, amount: Decimal, carried: Dividend | None
) -> Plan:
    points = selectors.points(village, pool.measure, term)
    brought = Decimal(carried.residue_fen) / 100 if carried else Decimal(0)
    found = pools.divide(pool, amount + brought, {key(pk): value for pk, value in points.items()})
    if not found.shares:
        raise errors.NobodyTakesPart
    told = found.explanation + (f"；其中上期转入{plain(brought)}元" if brought else "")
    lines = [Line(int(pk), points[int(pk)], fen_of(share)) for pk, share in found.shares.items()]
    return Plan(village, version, pool, term, fen_of(amount), carried, found.points, fen_of(found.residue), told, lines)


def key(pk: int) -> str:
    """Sorts as the number does: who is first among equals stays first."""
    return f"{pk:019d}"


def fen_of(yuan: Decimal) -> int:
    return int(yuan * 100)


@transaction.atomic
def confirm(
    *, village: Village | None, pool: str, term: str, amount: Decimal | None, mark: str = "", by: Actor
) -> Dividend:
    """Make the run for good. With ``mark`` only what was seen in the preview.

    Raises:
        As ``plan``. DividendMoved: something changed since the preview.
    """
    locking.advisory(f"scoring.dividend:{village.pk if village else 0}:{pool}")
    made = plan(village=village, pool=pool, term=term, amount=amount)
    if mark and mark != made.mark:
        raise errors.DividendMoved
    run = Dividend.objects.create(
        village=village, version=made.version, pool=made.pool.code, name=made.pool.name,
        terms=made.pool.model_dump(mode="json"), term=made.term.label, since=made.term.since, until=made.term.until,
        amount_fen=made.amount_fen, carried_fen=made.carried_fen, carried_from=made.carried,
        residue_fen=made.residue_fen, households=len(made.lines), points=made.points, told=made.told,
        made_at=clock.now(), **by.columns(),
    )  # fmt: skip
    _keep(run, made.lines)
    _record("dividend.confirm", run, by, amount_fen=run.amount_fen, term=made.term.code)
    dividend_news.shared(run)
    return run


def _keep(run: Dividend, lines: list[Line]) -> None:
    values: dict[str, Any] = {
        "dividend": run.pk, "households": [one.household for one in lines], "points": [one.points for one in lines],
        "fen": [one.fen for one in lines],
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(sql.LINES, values)


@transaction.atomic
def pay(*, run: Dividend, paid_on: date | None, by: Actor) -> Dividend:
    """Note that it was paid out; from then on it stands for good.

    Raises:
        DividendOver, PaidDayWrong.
    """
    held = _open(run)
    if paid_on is None or not held.until < paid_on <= clock.today():
        raise errors.PaidDayWrong
    Dividend.objects.filter(pk=held.pk).update(paid_on=paid_on, paid_by_name=by.name)
    _record("dividend.pay", held, by, paid_on=paid_on.isoformat())
    held.refresh_from_db()
    return held


@transaction.atomic
def void(*, run: Dividend, reason: str, by: Actor) -> Dividend:
    """It counts no more, and the period can be parted anew; it stays to be read.

    Raises:
        DividendOver: it was paid out or voided. DividendCarried: another run has what it left. VoidReasonMissing.
    """
    reason = reason.strip()
    if not reason or len(reason) > LONGEST:
        raise errors.VoidReasonMissing
    held = _open(run)
    later = Dividend.objects.filter(carried_from=held, voided_at=None).first()
    if later is not None:
        raise errors.DividendCarried(term=later.term)
    Dividend.objects.filter(pk=held.pk).update(voided_at=clock.now(), voided_by_name=by.name, void_reason=reason)
    _record("dividend.void", held, by, reason=reason)
    held.refresh_from_db()
    dividend_news.voided(held)
    return held


def _open(run: Dividend) -> Dividend:
    """The run, held together with whoever parts the same pool."""
    locking.advisory(f"scoring.dividend:{run.village_id or 0}:{run.pool}")
    held = Dividend.objects.select_for_update(of=("self",)).get(pk=run.pk)
    if held.state != "open":
        raise errors.DividendOver(state=ENDED[held.state])
    return held


def _record(action: str, run: Dividend, by: Actor, **told: Any) -> None:
    audit.record(by=by, action=action, subject=run, village_id=run.village_id, pool=run.pool, **told)
