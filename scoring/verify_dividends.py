"""Dividends once more: to the fen what there was, and each share what the pool's terms make of the points."""

from decimal import Decimal

from jifen.kernel.checks import Check
from scoring.models import Dividend
from scoring.rules import pools
from scoring.rules.spec_settings import Pool
from scoring.services.dividends import fen_of, key
from scoring.sql import dividends as sql


def checks() -> list[Check]:
    return [
        Check("I14", "分红的各户之和加余额等于可分的金额", sql.WRONG_SUMS),
        Check("I14", "分红可按细则和积分重新算出", run=_otherwise),
    ]


def _otherwise() -> int:
    """Runs that come out otherwise today."""
    return sum(not _same(run) for run in Dividend.objects.all())


def _same(run: Dividend) -> bool:
    rows = list(run.lines.values_list("household_id", "points", "fen"))
    pool = Pool.model_validate(run.terms)
    found = pools.divide(pool, Decimal(run.total_fen) / 100, {key(pk): points for pk, points, _ in rows})
    return {int(pk): fen_of(share) for pk, share in found.shares.items()} == {pk: fen for pk, _, fen in rows}
