"""The embedded PostgreSQL, Valkey and object store, and `jifen up`. Importable without Django."""
