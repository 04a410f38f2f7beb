"""What ``jifen verify`` asks: each check counts breaches of one rule that must always hold (DESIGN §4)."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db import connection


@dataclass(frozen=True, slots=True)
class Check:
    """``sql`` selects one number: how many rows break the rule; ``run`` counts what a query cannot.

    ``told`` names the first few breaches in words; it is asked when there are some.
    """

    code: str
    title: str
    sql: str = ""
    run: Callable[[], int] | None = None
    told: Callable[[], list[str]] | None = None

    def breaches(self) -> int:
        """0 when the rule holds in the town (or the public schema) being served."""
        if self.run is not None:
            return self.run()
        with connection.cursor() as cursor:
            cursor.execute(self.sql)
            [count] = cursor.fetchone() or (0,)
        return int(count or 0)


Checks = Callable[[], list[Check]]
_town: list[Checks] = []
_public: list[Checks] = []


def register_checks(*, town: Checks | None = None, public: Checks | None = None) -> None:
    """A room adds its checks when its app is ready: per town, or once over the public schema."""
    if town is not None and town not in _town:
        _town.append(town)
    if public is not None and public not in _public:
        _public.append(public)


def town_checks() -> list[Check]:
    return [check for source in _town for check in source()]


def public_checks() -> list[Check]:
    return [check for source in _public for check in source()]
