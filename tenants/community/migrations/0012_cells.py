"""联户组: which households get the points of a deed together."""

from pathlib import Path

import django.db.models.deletion
from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import migrations, models

from jifen.kernel.fields import Period

FOLDER = Path(__file__).parent / "sql"


def key(to: str, name: str) -> models.ForeignKey:
    return models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name=name, to=to)


class Migration(migrations.Migration):

    dependencies = [
        ("community", "0011_new_households"),
    ]

    operations = [
        migrations.CreateModel(
            name="Cell",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=40, verbose_name="名称")),
                ("village", key("community.village", "cells")),
            ],
            options={
                "ordering": ["village", "name"],
                "constraints": [models.UniqueConstraint(fields=["village", "name"], name="community_cell_name")],
            },
        ),
        migrations.CreateModel(
            name="CellMember",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("from_date", models.DateField(verbose_name="起")),
                ("to_date", models.DateField(blank=True, null=True, verbose_name="止")),
                ("cell", key("community.cell", "members")),
                ("household", key("community.household", "cells")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("to_date", None), ("to_date__gte", models.F("from_date")), _connector="OR"),
                        name="community_cell_dates",
                    ),
                    ExclusionConstraint(
                        expressions=[("household", "="), (Period("from_date", "to_date"), "&&")],
                        name="community_cell_of_one",
                    ),
                ],
            },
        ),
        migrations.RunSQL((FOLDER / "cells.sql").read_text(encoding="utf-8")),
    ]
