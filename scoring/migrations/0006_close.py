from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

import jifen.kernel.points

GUARDS = (Path(__file__).parent / "sql" / "close.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    """A year is closed by two people; standings have a hash, passbooks are archived, households are warned."""

    dependencies = [("community", "0001_initial"), ("files", "0001_initial"), ("scoring", "0005_rounds")]

    operations = [
        migrations.AddField(
            model_name="year",
            name="closes_on",
            field=models.DateField(null=True, verbose_name="封账日"),
        ),
        migrations.AddField(
            model_name="yearseal",
            name="standings_hash",
            field=models.CharField(blank=True, default="", max_length=64),
        ),
        migrations.CreateModel(
            name="ExpiryWarning",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("days", models.PositiveSmallIntegerField(verbose_name="提前天数")),
                ("last_day", models.DateField(verbose_name="最后兑换日")),
                ("households", models.PositiveIntegerField(verbose_name="户数")),
                ("points", jifen.kernel.points.PointsField(decimal_places=2, max_digits=12, verbose_name="可兑换积分")),
                ("warned_at", models.DateTimeField(verbose_name="提醒时间")),
                (
                    "village",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="community.village"
                    ),
                ),
                (
                    "year",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="warnings", to="scoring.year"
                    ),
                ),
            ],
            options={
                "ordering": ["-warned_at"],
                "constraints": [
                    models.UniqueConstraint(fields=("year", "village", "days"), name="scoring_warned_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="YearRequest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("actor_realm", models.CharField(max_length=63)),
                ("actor_id", models.BigIntegerField()),
                ("actor_name", models.CharField(max_length=60)),
                ("kind", models.CharField(choices=[("close", "封账"), ("reopen", "重开")], max_length=10)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "等第二人批准"),
                            ("confirmed", "已批准"),
                            ("done", "已办理"),
                            ("withdrawn", "已撤回"),
                        ],
                        default="proposed",
                        max_length=10,
                        verbose_name="状态",
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="理由")),
                ("proposed_at", models.DateTimeField(verbose_name="提出时间")),
                ("confirmer_realm", models.CharField(blank=True, max_length=63)),
                ("confirmer_id", models.BigIntegerField(null=True)),
                ("confirmer_name", models.CharField(blank=True, max_length=60, verbose_name="批准人")),
                ("confirmed_at", models.DateTimeField(null=True, verbose_name="批准时间")),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "seal",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="request",
                        to="scoring.yearseal",
                    ),
                ),
                (
                    "year",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="requests", to="scoring.year"
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("confirmer_id", None),
                            models.Q(("confirmer_id", models.F("actor_id")), _negated=True),
                            models.Q(("confirmer_realm", models.F("actor_realm")), _negated=True),
                            _connector="OR",
                        ),
                        name="scoring_year_two_people",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["proposed", "withdrawn"]),
                            models.Q(("confirmed_at__isnull", False), ("confirmer_id__isnull", False)),
                            _connector="OR",
                        ),
                        name="scoring_year_confirmed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("seal__isnull", False), ("state", "done")),
                            models.Q(models.Q(("state", "done"), _negated=True), ("seal", None)),
                            _connector="OR",
                        ),
                        name="scoring_year_request_done",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "reopen"), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="scoring_reopen_reason",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["proposed", "confirmed"])),
                        fields=("year",),
                        name="scoring_year_request_open_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="YearVolume",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField(verbose_name="册")),
                ("first", models.CharField(max_length=20, verbose_name="首户户号")),
                ("last", models.CharField(max_length=20, verbose_name="末户户号")),
                ("households", models.PositiveIntegerField(verbose_name="户数")),
                ("archived_at", models.DateTimeField(null=True)),
                (
                    "file",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="files.file"
                    ),
                ),
                (
                    "seal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="volumes", to="scoring.yearseal"
                    ),
                ),
                (
                    "village",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="community.village"
                    ),
                ),
            ],
            options={
                "ordering": ["village", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=("seal", "village", "number"), name="scoring_volume_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("archived_at", None), ("file", None)),
                            models.Q(("archived_at__isnull", False), ("file__isnull", False)),
                            _connector="OR",
                        ),
                        name="scoring_volume_archived",
                    ),
                ],
            },
        ),
        migrations.RunSQL(GUARDS),
    ]
