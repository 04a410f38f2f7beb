"""Deeds that are reckoned in posting order; shares of points, and classes of them, on entries."""

from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

import jifen.kernel.points

SQL = Path(__file__).parent / "sql" / "reckoning.sql"
ID = ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"))
BUCKET = ["rulebook", "rule_code", "limit_position", "scope_kind", "scope_id", "period_start", "by_value"]
SHARES = [
    ("head", "户主"),
    ("member", "家庭成员"),
    ("beneficiary", "受益人"),
    ("responsible", "责任人"),
    ("cell", "联户组"),
]


def points() -> models.Field:
    return jifen.kernel.points.PointsField(decimal_places=2, max_digits=12)


class Migration(migrations.Migration):
    dependencies = [("scoring", "0020_undecided")]

    operations = [
        migrations.AddField(
            "capuse", "by_value", models.CharField(blank=True, db_default="", default="", max_length=80)
        ),
        migrations.AlterField("capuse", "rule_code", models.CharField(max_length=60)),
        migrations.RemoveConstraint("capuse", "scoring_cap_once"),
        migrations.AddConstraint("capuse", models.UniqueConstraint(fields=BUCKET, name="scoring_cap_once")),
        migrations.AddField(
            "entry",
            "share",
            models.CharField(
                blank=True, choices=SHARES, db_default="", default="", max_length=12, verbose_name="分给谁"
            ),
        ),
        migrations.AddField(
            "entry",
            "point_class",
            models.CharField(blank=True, db_default="", default="", max_length=40, verbose_name="积分类别"),
        ),
        migrations.CreateModel(
            "Reckoning",
            fields=[
                ID,
                ("worth", points()),
                ("is_effective", models.BooleanField()),
                ("steps", models.JSONField()),
                (
                    "posting",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="reckoning", to="scoring.posting"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            "CapTake",
            fields=[
                ID,
                ("part", points()),
                (
                    "cap",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="takes", to="scoring.capuse"
                    ),
                ),
                (
                    "posting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="takes", to="scoring.posting"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("posting", "cap"), name="scoring_captake_once")]
            },
        ),
        migrations.RunSQL(SQL.read_text(encoding="utf-8")),
    ]
