"""Who did it: stored as (realm, id, name at the time), never as a foreign key."""

from dataclasses import dataclass
from typing import Any

from django.db import models

from jifen.kernel.database import connection


@dataclass(frozen=True, slots=True)
class Actor:
    """``realm`` is the schema of the account, or ``system``; ``resident_id`` is set when it is a villager's."""

    realm: str
    id: int
    name: str
    resident_id: int | None = None

    @classmethod
    def of(cls, user: Any) -> "Actor":
        """The actor a signed-in user is; a town's account may be a villager's (``user.resident``)."""
        realm = str(connection.schema_name)
        resident = None if realm == "public" else getattr(user, "resident", None)
        return cls(realm, user.pk, user.display_name, resident.pk if resident else None)

    def columns(self, prefix: str = "actor") -> dict[str, Any]:
        """``{actor_realm, actor_id, actor_name}`` for a model that inherits ``Acted``."""
        return {f"{prefix}_realm": self.realm, f"{prefix}_id": self.id, f"{prefix}_name": self.name}


SYSTEM = Actor("system", 0, "系统")


class Acted(models.Model):
    """A row somebody made."""

    actor_realm = models.CharField(max_length=63)
    actor_id = models.BigIntegerField()
    actor_name = models.CharField(max_length=60)

    class Meta:
        abstract = True

    def account(self) -> set[int]:
        """The account of this place that made the row; none when a shop, a device or the system did."""
        return {self.actor_id} if self.actor_realm == str(connection.schema_name) else set()
