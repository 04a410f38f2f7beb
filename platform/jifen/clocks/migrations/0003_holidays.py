"""Holidays as the State Council announced them for 2024 to 2026; later years are entered on the provider's page."""

from datetime import date

from django.db import migrations, models
from django.db.models import Q

OFF = {
    2024: {
        "元旦": "0101", "春节": "0210 0211 0212 0213 0214 0215 0216 0217", "清明": "0404 0405 0406",
        "劳动节": "0501 0502 0503 0504 0505", "端午": "0610", "中秋": "0915 0916 0917",
        "国庆节": "1001 1002 1003 1004 1005 1006 1007",
    },
    2025: {
        "元旦": "0101", "春节": "0128 0129 0130 0131 0201 0202 0203 0204", "清明": "0404 0405 0406",
        "劳动节": "0501 0502 0503 0504 0505", "端午": "0531 0601 0602", "中秋": "1006",
        "国庆节": "1001 1002 1003 1004 1005 1007 1008",
    },
    2026: {
        "元旦": "0101 0102 0103", "春节": "0215 0216 0217 0218 0219 0220 0221 0222 0223", "清明": "0404 0405 0406",
        "劳动节": "0501 0502 0503 0504 0505", "端午": "0619 0620 0621", "中秋": "0925 0926 0927",
        "国庆节": "1001 1002 1003 1004 1005 1006 1007",
    },
}  # fmt: skip
WORKED = {
    2024: {
        "春节": "0204 0218", "清明": "0407", "劳动节": "0428 0511", "中秋": "0914", "国庆节": "0929 1012",
    },
    2025: {"春节": "0126 0208", "劳动节": "0427", "国庆节": "0928 1011"},
    2026: {"元旦": "0104", "春节": "0214 0228", "劳动节": "0509", "国庆节": "0920 1010"},
}  # fmt: skip


def rows(table, is_off, holiday):
    for year, names in table.items():
        for name, days in names.items():
            for day in days.split():
                yield holiday(day=date(year, int(day[:2]), int(day[2:])), is_off=is_off, name=name)


def seed(apps, schema_editor):
    holiday = apps.get_model("clocks", "Holiday")
    made = [*rows(OFF, True, holiday), *rows(WORKED, False, holiday)]
    holiday.objects.bulk_create(made, ignore_conflicts=True)


class Migration(migrations.Migration):

    dependencies = [("clocks", "0002_backlog")]

    operations = [
        migrations.CreateModel(
            name="Holiday",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField(unique=True, verbose_name="日期")),
                ("is_off", models.BooleanField(verbose_name="放假")),
                ("name", models.CharField(max_length=20, verbose_name="节日")),
            ],
            options={"ordering": ["day"]},
        ),
        migrations.CreateModel(
            name="Late",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("town", models.CharField(max_length=63)),
                ("clock", models.CharField(max_length=10, verbose_name="时钟")),
                ("period", models.CharField(max_length=10, verbose_name="期间")),
                ("due_on", models.DateField(verbose_name="截止")),
                ("villages", models.PositiveSmallIntegerField(verbose_name="村数")),
                ("told", models.PositiveSmallIntegerField(default=0, verbose_name="已催办")),
                ("is_escalated", models.BooleanField(default=False, verbose_name="已上报")),
                ("since", models.DateTimeField()),
            ],
            options={
                "ordering": ["due_on", "clock"],
                "constraints": [
                    models.UniqueConstraint(fields=("town", "clock", "period"), name="clocks_late_once"),
                    models.CheckConstraint(condition=Q(villages__gt=0), name="clocks_late_of_somebody"),
                ],
            },
        ),
        migrations.RunPython(seed, migrations.RunPython.noop),
    ]
