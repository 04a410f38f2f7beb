from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

SQL = Path(__file__).parent / "sql" / "meetings.sql"

ID = ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"))
PRESENCE = [("present", "到会"), ("absent", "缺席"), ("substitute", "替补到会")]


def key(to: str, name: str, **more: object) -> models.ForeignKey:
    return models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name=name, to=to, **more)


class Migration(migrations.Migration):
    """The committee's meeting over a sheet: who was there, what was said, the signed paper."""

    dependencies = [
        ("scoring", "0002_guards"),
        ("community", "0001_initial"),
        ("files", "0002_looks"),
    ]

    operations = [
        migrations.CreateModel(
            name="Meeting",
            fields=[
                ID,
                ("actor_realm", models.CharField(max_length=63)),
                ("actor_id", models.BigIntegerField()),
                ("actor_name", models.CharField(max_length=60)),
                ("held_on", models.DateField(verbose_name="日期")),
                ("place", models.CharField(blank=True, max_length=80, verbose_name="地点")),
                ("minutes", models.CharField(blank=True, max_length=2000, verbose_name="会议记录")),
                ("opened_at", models.DateTimeField()),
                ("paper", key("files.file", "+", null=True)),
                (
                    "review",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="meeting", to="scoring.review"
                    ),
                ),
            ],
            options={"abstract": False},
        ),
        migrations.CreateModel(
            name="MeetingSeat",
            fields=[
                ID,
                ("presence", models.CharField(choices=PRESENCE, max_length=10, verbose_name="到会")),
                ("noted_at", models.DateTimeField()),
                ("noted_by_name", models.CharField(max_length=60)),
                ("meeting", key("scoring.meeting", "attendance")),
                ("role", key("community.villagerole", "+")),
                ("substitute", key("community.resident", "+", null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=["meeting", "role"], name="scoring_meetingseat_once"),
                    models.UniqueConstraint(fields=["meeting", "substitute"], name="scoring_substitute_once"),
                    models.CheckConstraint(
                        condition=Q(presence="substitute", substitute__isnull=False)
                        | (~Q(presence="substitute") & Q(substitute=None)),
                        name="scoring_meetingseat_substitute",
                    ),
                ],
            },
        ),
        migrations.RunSQL(SQL.read_text(encoding="utf-8")),
    ]
