"""Who did it: stored as (realm, id, name at the time), never as a foreign key."""

from dataclasses import dataclass
from typing import Any

from django.db import connection, models


@dataclass(frozen=True, slots=True)
class Actor:
    """``realm`` is the schema the account lives in, or ``system``; ``resident_id`` is set when the account is a villager's."""

    realm: str
    id: int
    name: str
    resident_id: int | None = None

    @classmethod
    def of(cls, user: Any) -> "Actor":
        """The actor a signed-in user is."""
        return cls(connection.schema_name, user.pk, user.display_name, getattr(user, "resident_id", None))

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
