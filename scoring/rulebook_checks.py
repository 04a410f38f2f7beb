"""What the checks before publishing say about a draft, for those who ask through ``ports``."""

from collections.abc import Iterable

from jifen.kernel import clock
from scoring import ports
from scoring.rules import findings
from scoring.rules.findings import Finding
from scoring.selectors.gains import past


def register() -> None:
    ports.register_finding_source(look)


def look(examined: ports.Examined) -> Iterable[Finding]:
    """Findings about the whole rulebook; of a village's, about what the village itself changed or added."""
    found = findings.check(examined.rulebook, past(examined.village, clock.today()))
    if examined.overlay is None:
        return found
    own = set(examined.overlay.by_code())
    return [one for one in found if own & set(one.codes)]
