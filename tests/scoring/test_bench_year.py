"""The bench closes three real towns of different size."""

from jifen.kernel.tenancy import entered, outside
from scoring import bench_year
from scoring.models import Year
from scoring.verify import checks
from tenants.models import Town


def test_three_towns_are_closed_and_their_growth_is_told(committing_town: Town) -> None:
    with outside():
        figures = bench_year.measured(432)
    assert figures["sizes"] == [108, 216, 432] and figures["entries"] == 432 * 28
    assert figures["close_s"] > 0 and isinstance(figures["exponent"], float)
    with entered("t_bench3"):
        assert Year.objects.get().state == "sealed" and [one.title for one in checks() if one.breaches()] == []
