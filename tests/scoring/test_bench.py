"""The bench measures the same rows on both sides."""

from jifen.kernel.tenancy import outside
from scoring import bench, bench_review, bench_whatif
from tenants.models import Town


def test_ours_and_the_baseline_write_the_same_balances(committing_town: Town) -> None:
    with outside():
        figures = bench.measured(60)
    assert figures["n"] == 60 and figures["entries"] == 120 and figures["ratio"] > 0
    assert {"bench", "unit", "n", "ours", "baseline", "ratio"} <= figures.keys()


def test_a_months_end_is_measured_with_all_it_takes(committing_town: Town) -> None:
    with outside():
        figures = bench_review.measured(240, villages=2, households=20)
    assert figures["ratio"] > 0 and figures["entries"] == 480
    assert {"gather", "decide", "close", "receive", "post", "tell", "deductions"} == figures["stages"].keys()


def test_a_year_is_tried_deed_by_deed(committing_town: Town) -> None:
    with outside():
        figures = bench_whatif.measured(400, villages=2, households=20)
    assert figures["n"] == 400 and figures["households"] == 40 and figures["peak_mb"] > 0
    assert 0 < figures["winners"] + figures["losers"] <= 40
