"""Base classes of all background work.

``TownTask`` runs inside one ready town and is refused anywhere else; ``PublicTask`` runs outside every town. Tasks take
ids, never objects, and can be run again. Delivery is at least once: a task that dies is delivered again.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any, ClassVar

from tenant_schemas_celery.task import TenantTask

from jifen.kernel.database import connection
from jifen.kernel.errors import JifenError
from jifen.kernel.tenancy import PUBLIC, OutsideTown, TownNotServed

Turn = Callable[[Any], AbstractContextManager[bool]]
_turns: list[Turn] = []


def register_turns(turn: Turn) -> None:
    """Who says whether a message to a town is to be done, and hears how it ended; ``turn`` gets the task's request."""
    _turns[:] = [turn]


class InsideTown(JifenError):
    """Public work arrived with a town's name on it."""

    code = "inside_town"
    message = "这项后台任务不属于任何镇，不能在镇内运行。"


class TownTask(TenantTask):  # type: ignore[misc]
    """Work of one town: ``task.apply_async`` from inside the town, or with ``headers={"_schema_name": schema}``."""

    abstract = True
    realm: ClassVar[str] = "town"
    queue: ClassVar[str] = "town"
    serves: ClassVar[frozenset[str]] = frozenset({"ready"})
    acks_late = True
    reject_on_worker_lost = True

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        with _turns[0](self.request) if _turns else nullcontext(True) as mine:
            return self._served(*args, **kwargs) if mine else None

    def _served(self, *args: Any, **kwargs: Any) -> Any:
        if connection.schema_name == PUBLIC:
            raise OutsideTown
        if connection.tenant.state not in self.serves:
            raise TownNotServed
        return super().__call__(*args, **kwargs)


class PublicTask(TenantTask):  # type: ignore[misc]
    """Work of the whole platform."""

    abstract = True
    realm: ClassVar[str] = "public"
    queue: ClassVar[str] = "public"
    acks_late = True
    reject_on_worker_lost = True

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if connection.schema_name != PUBLIC:
            raise InsideTown
        return super().__call__(*args, **kwargs)


class OwnerTask(PublicTask):
    """Work that needs the rights of the schemas' owner: provisioning and migration, on a queue of its own."""

    abstract = True
    queue: ClassVar[str] = "owner"
