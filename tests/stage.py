"""Scenes that many tests begin with: built once and left standing in an open transaction.

A test has the standing scene in a savepoint and goes back to it, so that the next one finds it as it was built; it
gets a copy of the objects. A test that begins with another scene, with none, or in a database of its own strikes it.
"""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

from django.db import transaction

from jifen.kernel.database import connection
from tenants.models import Town
from tests.cast import Cast

SCENES: dict[str, Callable[[Cast], Any]] = {}
"""Fixture -> what builds its scene in the town 树人镇."""


class Stage:
    """What stands, and the transaction in which it stands."""

    def __init__(self) -> None:
        self.name = ""
        self.scene: Any = None
        self._held: Any = None

    def show(self, name: str) -> None:
        """Let the scene ``name`` stand; without a name none."""
        if name == self.name and self._is_whole():
            return
        self.strike()
        if name:
            self._build(name)

    def copy(self, name: str) -> Any:
        """The objects of the scene, for one test; ``None`` where another stands."""
        return deepcopy(self.scene) if name == self.name else None

    def strike(self) -> None:
        """As if it had never been."""
        held, self.name, self.scene, self._held = self._held, "", None, None
        if held is not None and not connection.closed_in_transaction:
            transaction.set_rollback(True)
            held.__exit__(None, None, None)

    def _is_whole(self) -> bool:
        """Whether no test has closed the connection under it."""
        return self._held is None or (connection.in_atomic_block and not connection.closed_in_transaction)

    def _build(self, name: str) -> None:
        self._held = transaction.atomic()
        self._held._from_testcase = True
        self._held.__enter__()
        try:
            connection.set_tenant(Town.objects.get(schema_name="t_alpha"))
            self.scene, self.name = SCENES[name](Cast()), name
            connection.check_constraints()
        except BaseException:
            self.strike()
            raise
        finally:
            connection.set_schema_to_public()


stage = Stage()
