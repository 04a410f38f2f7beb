"""Model fields for personal data."""

from typing import Any

from django.contrib.postgres.fields import DateRangeField
from django.db import models

from jifen.kernel import crypto
from jifen.kernel.database import connection


class SealedTextField(models.TextField):  # type: ignore[type-arg]
    """Text that is encrypted in the database and plain in Python; it cannot be searched (see ``blind_index``)."""

    def from_db_value(self, value: str | None, expression: object, connection: Any) -> str | None:
        if not value:
            return value
        return crypto.unseal(value, schema=connection.schema_name, place=self._place())

    def get_prep_value(self, value: Any) -> Any:
        if not value:
            return value
        return crypto.seal(str(value), schema=connection.schema_name, place=self._place())

    def _place(self) -> str:
        return f"{self.model._meta.db_table}.{self.column}"


def blind_index(model: type[models.Model], field: str, text: str) -> str:
    """The search key of ``text`` in the sealed ``field`` of ``model``, in the town being served; empty for empty."""
    if not text:
        return ""
    column = model._meta.get_field(field).get_attname_column()[1]  # type: ignore[union-attr]
    return crypto.blind_index(text, schema=connection.schema_name, place=f"{model._meta.db_table}.{column}")


class Period(models.Func):
    """The days from one date (inclusive) to another (exclusive, open when null), for exclusion constraints."""

    function = "DATERANGE"
    output_field = DateRangeField()
