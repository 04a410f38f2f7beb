"""Asks the database whether everything that must always be true is true (DESIGN §4)."""

from collections.abc import Iterator
from dataclasses import dataclass

from jifen.kernel.checks import Check, public_checks, town_checks
from jifen.kernel.tenancy import entered, outside
from tenants import selectors as tenants


@dataclass(frozen=True, slots=True)
class Finding:
    """``where`` is the town's schema, or ``public``; ``examples`` name the first breaches where the check can."""

    where: str
    code: str
    title: str
    breaches: int
    examples: tuple[str, ...] = ()


def findings(town: str | None = None) -> Iterator[Finding]:
    """One finding per check: of the schema ``town``, or of public and every ready town."""
    if town is None:
        with outside():
            yield from _asked("public", public_checks())
    for schema in [town] if town else [row.schema_name for row in tenants.ready_towns()]:
        with entered(schema):
            yield from _asked(schema, town_checks())


def _asked(where: str, checks: list[Check]) -> Iterator[Finding]:
    for check in checks:
        breaches = check.breaches()
        examples = tuple(check.told()) if breaches and check.told is not None else ()
        yield Finding(where, check.code, check.title, breaches, examples)
