"""Whom no message reaches is told by people; the days to explain begin then."""

from pathlib import Path

from django.db import migrations, models
from django.db.models import F, Q

SQL = Path(__file__).parent / "sql" / "telling.sql"
WAYS = [("message", "消息"), ("oral", "口头"), ("phone", "电话"), ("paper", "书面"), ("board", "公开栏")]

BEFORE = """
DROP TRIGGER scoring_hearing_turns ON scoring_hearing;
UPDATE scoring_hearing SET opened_at = told_at, days = until - (told_at AT TIME ZONE 'Asia/Shanghai')::date,
    told_how = 'message', told_by_name = '系统';
UPDATE scoring_hearing h SET told_at = NULL, until = NULL, told_how = '', told_by_name = ''
WHERE outcome = 'open' AND statement = '' AND NOT EXISTS (
    SELECT FROM community_householdmember m JOIN community_resident p ON p.id = m.resident_id
    WHERE m.household_id = h.household_id AND p.user_id IS NOT NULL);
SET CONSTRAINTS ALL IMMEDIATE;
"""


class Migration(migrations.Migration):
    dependencies = [("scoring", "0034_downgrades_last")]

    operations = [
        migrations.AddField("hearing", "opened_at", models.DateTimeField(null=True, verbose_name="审定时间")),
        migrations.AddField("hearing", "days", models.PositiveSmallIntegerField(default=0, verbose_name="听取几天")),
        migrations.AddField(
            "hearing",
            "told_how",
            models.CharField(blank=True, choices=WAYS, default="", max_length=8, verbose_name="告知方式"),
        ),
        migrations.AddField(
            "hearing",
            "told_by_name",
            models.CharField(blank=True, default="", max_length=60, verbose_name="告知人"),
        ),
        migrations.AlterField("hearing", "told_at", models.DateTimeField(null=True, verbose_name="告知时间")),
        migrations.AlterField("hearing", "until", models.DateField(null=True, verbose_name="说明期限")),
        migrations.RunSQL(BEFORE),
        migrations.AlterField("hearing", "opened_at", models.DateTimeField(verbose_name="审定时间")),
        migrations.AlterField("hearing", "days", models.PositiveSmallIntegerField(verbose_name="听取几天")),
        migrations.AlterField(
            "hearing", "told_how", models.CharField(blank=True, choices=WAYS, max_length=8, verbose_name="告知方式")
        ),
        migrations.AlterField(
            "hearing", "told_by_name", models.CharField(blank=True, max_length=60, verbose_name="告知人")
        ),
        migrations.AddConstraint(
            "hearing",
            models.CheckConstraint(
                condition=Q(told_at=None, until=None, told_how="", outcome__in=["open", "void"])
                | (Q(told_at__gte=F("opened_at"), until__isnull=False) & ~Q(told_how="") & ~Q(told_by_name="")),
                name="scoring_hearing_told",
            ),
        ),
        migrations.RunSQL(SQL.read_text(encoding="utf-8")),
    ]
