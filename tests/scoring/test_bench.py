"""The bench measures the same rows on both sides."""

from jifen.kernel.tenancy import outside
from scoring import bench
from tenants.models import Town


def test_ours_and_the_baseline_write_the_same_balances(committing_town: Town) -> None:
    with outside():
        figures = bench.measured(60)
    assert figures["n"] == 60 and figures["entries"] == 120 and figures["ratio"] > 0
    assert {"bench", "unit", "n", "ours", "baseline", "ratio"} <= figures.keys()
