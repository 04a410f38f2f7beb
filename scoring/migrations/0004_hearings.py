from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q

import jifen.kernel.points

SQL = Path(__file__).parent / "sql" / "hearings.sql"

ID = ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"))
CHANNELS = [
    ("oral", "口头"), ("phone", "电话"), ("sms", "短信"), ("qq", "QQ"), ("wechat", "微信"), ("window", "窗口"),
    ("online", "网上"), ("device", "设备"),
]  # fmt: skip
OUTCOMES = [
    ("open", "听取说明"), ("silent", "没有说明"), ("kept", "维持扣分"), ("lowered", "减少扣分"), ("dropped", "不扣分"),
    ("void", "重新审定"),
]  # fmt: skip
VERDICTS = [("pending", "未定"), ("approved", "通过"), ("adjusted", "调整"), ("rejected", "不通过")]


def points(name: str, null: bool = False) -> jifen.kernel.points.PointsField:
    return jifen.kernel.points.PointsField(decimal_places=2, max_digits=12, null=null, verbose_name=name)


def key(to: str, name: str, **more: object) -> models.ForeignKey:
    return models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name=name, to=to, **more)


class Migration(migrations.Migration):
    """Before a deduction posts, the household is heard; the town sends single deeds back."""

    dependencies = [("scoring", "0003_meetings")]

    operations = [
        migrations.CreateModel(
            name="Hearing",
            fields=[
                ID,
                ("points", points("拟扣分")),
                ("redeemable", points("拟扣可兑换分")),
                ("told_at", models.DateTimeField(verbose_name="告知时间")),
                ("until", models.DateField(verbose_name="说明期限")),
                ("statement", models.CharField(blank=True, max_length=500, verbose_name="说明")),
                ("stated_at", models.DateTimeField(null=True, verbose_name="说明时间")),
                ("stated_by_name", models.CharField(blank=True, max_length=60, verbose_name="记录人")),
                ("channel", models.CharField(blank=True, choices=CHANNELS, max_length=8, verbose_name="渠道")),
                ("outcome", models.CharField(choices=OUTCOMES, default="open", max_length=8, verbose_name="结果")),
                ("decided_points", points("认定扣分", null=True)),
                ("decided_redeemable", points("认定扣可兑换分", null=True)),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="理由")),
                ("decided_at", models.DateTimeField(null=True, verbose_name="决定时间")),
                ("decided_by_id", models.BigIntegerField(null=True)),
                ("decided_by_name", models.CharField(blank=True, max_length=60, verbose_name="决定人")),
                ("decided_by_resident", key("community.resident", "+", null=True)),
                ("declaration", key("scoring.declaration", "hearings")),
                ("household", key("community.household", "hearings")),
                ("item", key("scoring.reviewitem", "hearings", db_index=False)),
            ],
            options={
                "ordering": ["until", "id"],
                "indexes": [models.Index(condition=Q(outcome="open"), fields=["until"], name="scoring_hearing_due")],
                "constraints": [
                    models.UniqueConstraint(condition=~Q(outcome="void"), fields=["item"], name="scoring_hearing_once"),
                    models.CheckConstraint(condition=Q(points__lt=0), name="scoring_hearing_of_deduction"),
                    models.CheckConstraint(
                        condition=Q(outcome="open", decided_at=None)
                        | (~Q(outcome="open") & Q(decided_at__isnull=False)),
                        name="scoring_hearing_decided",
                    ),
                    models.CheckConstraint(
                        condition=~Q(outcome__in=["kept", "lowered", "dropped"])
                        | (~Q(statement="") & ~Q(reason="") & Q(stated_at__isnull=False)),
                        name="scoring_hearing_heard",
                    ),
                    models.CheckConstraint(
                        condition=Q(outcome="lowered", decided_points__gt=F("points"), decided_points__lt=0)
                        | (~Q(outcome="lowered") & Q(decided_points=None)),
                        name="scoring_hearing_lowered",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ReturnedItem",
            fields=[
                ID,
                ("note", models.CharField(max_length=200, verbose_name="意见")),
                ("verdict", models.CharField(choices=VERDICTS, max_length=8, verbose_name="原决定")),
                ("points", points("原认定分值")),
                ("filing", key("scoring.filing", "returned_items", db_index=False)),
                ("item", key("scoring.reviewitem", "returns")),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=["filing", "item"], name="scoring_returned_once"),
                    models.CheckConstraint(condition=~Q(note=""), name="scoring_returned_note"),
                ],
            },
        ),
        migrations.RunSQL(SQL.read_text(encoding="utf-8")),
    ]
