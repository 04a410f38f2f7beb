from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

import jifen.kernel.points

SQL = Path(__file__).parent / "sql" / "rounds.sql"

ID = ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"))
ACTED = [
    ("actor_realm", models.CharField(max_length=63)),
    ("actor_id", models.BigIntegerField()),
    ("actor_name", models.CharField(max_length=60)),
]
STATES = [("open", "进行中"), ("submitted", "已提交"), ("cancelled", "已取消")]


def key(to: str, name: str = "+", **more: object) -> models.ForeignKey:
    return models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name=name, to=to, **more)


def shared() -> list[tuple[str, models.Field]]:
    batch = models.OneToOneField(
        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="scoring.batch"
    )
    return [
        ID,
        *ACTED,
        ("title", models.CharField(max_length=80, verbose_name="名称")),
        ("place", models.CharField(max_length=80, verbose_name="地点")),
        ("happened_on", models.DateField(verbose_name="日期")),
        ("state", models.CharField(choices=STATES, default="open", max_length=10, verbose_name="状态")),
        ("opened_at", models.DateTimeField()),
        ("closed_at", models.DateTimeField(null=True)),
        ("batch", batch),
        ("village", key("community.village")),
    ]


def options(name: str) -> dict[str, object]:
    ends = models.CheckConstraint(
        condition=Q(
            Q(("batch", None), ("closed_at", None), ("state", "open")),
            Q(("batch", None), ("closed_at__isnull", False), ("state", "cancelled")),
            Q(("batch__isnull", False), ("closed_at__isnull", False), ("state", "submitted")),
            _connector="OR",
        ),
        name=name,
    )
    return {"ordering": ["-happened_on", "-id"], "abstract": False, "constraints": [ends]}


class Migration(migrations.Migration):
    """Inspections walked house by house, activities with a sign-in list."""

    dependencies = [("scoring", "0004_hearings")]

    operations = [
        migrations.CreateModel(
            name="Inspection",
            fields=[
                *shared(),
                ("items", models.JSONField(default=list, verbose_name="评分项目")),
                ("rules", models.ManyToManyField(related_name="+", to="scoring.rule")),
            ],
            options=options("scoring_inspection_ends"),
        ),
        migrations.CreateModel(
            name="InspectionMark",
            fields=[
                ID,
                *ACTED,
                ("tier", models.CharField(blank=True, max_length=40)),
                ("scores", models.JSONField(default=dict, verbose_name="各项得分")),
                ("total", jifen.kernel.points.PointsField(decimal_places=2, max_digits=12, verbose_name="得分")),
                ("note", models.CharField(blank=True, max_length=100, verbose_name="备注")),
                ("made_at", models.DateTimeField(verbose_name="打分时间")),
                ("received_at", models.DateTimeField()),
                ("household", key("community.household")),
                ("inspection", key("scoring.inspection", "marks")),
                ("rule", key("scoring.rule", null=True)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("inspection", "household"), name="scoring_mark_once")
                ]
            },
        ),
        migrations.CreateModel(
            name="Activity",
            fields=[
                *shared(),
                ("facts", models.JSONField(default=dict, verbose_name="计分要素")),
                ("secret", models.CharField(max_length=43, unique=True)),
                ("rule", key("scoring.rule")),
            ],
            options=options("scoring_activity_ends"),
        ),
        migrations.CreateModel(
            name="Attendance",
            fields=[
                ID,
                *ACTED,
                (
                    "way",
                    models.CharField(
                        choices=[("code", "扫码签到"), ("hand", "人工签到")], max_length=4, verbose_name="方式"
                    ),
                ),
                ("signed_at", models.DateTimeField(verbose_name="签到时间")),
                ("activity", key("scoring.activity", "attendances")),
                ("household", key("community.household")),
                ("resident", key("community.resident")),
            ],
            options={
                "ordering": ["signed_at", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("activity", "resident"), name="scoring_attendance_once")
                ],
            },
        ),
        migrations.RunSQL(SQL.read_text(encoding="utf-8")),
    ]
