"""The embedded PostgreSQL, Valkey and object store, and `jifen up`. Importable without Django."""

from jifen.local.client import Services, services
from jifen.local.folder import LocalError

__all__ = ["LocalError", "Services", "services"]
