import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

WORK_STATES = [("waiting", "排队"), ("fed", "已交付"), ("running", "办理中"), ("failed", "失败")]


class Migration(migrations.Migration):

    dependencies = [("clocks", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Work",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("town", models.CharField(max_length=63)),
                ("task", models.CharField(max_length=80, verbose_name="任务")),
                ("args", models.JSONField(default=list)),
                (
                    "due",
                    models.OneToOneField(
                        null=True, on_delete=django.db.models.deletion.CASCADE, related_name="work", to="clocks.due"
                    ),
                ),
                (
                    "state",
                    models.CharField(choices=WORK_STATES, default="waiting", max_length=8, verbose_name="状态"),
                ),
                ("put_at", models.DateTimeField(verbose_name="进入队列")),
                ("ready_at", models.DateTimeField(verbose_name="最早开始")),
                (
                    "ticket",
                    models.PositiveIntegerField(default=0, help_text="交给消息队列的次数：旧消息不再算数"),
                ),
                ("until", models.DateTimeField(null=True, verbose_name="过时再查")),
                ("started_at", models.DateTimeField(null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("problem", models.TextField(blank=True)),
            ],
            options={
                "constraints": [models.CheckConstraint(condition=~Q(town=""), name="clocks_work_of_a_town")],
                "indexes": [
                    models.Index(fields=["town", "id"], condition=Q(state="waiting"), name="clocks_work_waiting"),
                    models.Index(
                        fields=["town"], condition=Q(state__in=["fed", "running"]), name="clocks_work_in_hand"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Lane",
            fields=[
                ("town", models.CharField(max_length=63, primary_key=True, serialize=False)),
                (
                    "concurrency",
                    models.PositiveSmallIntegerField(
                        help_text="空：按平台的默认数", null=True, verbose_name="同时办理"
                    ),
                ),
                ("deficit", models.FloatField(default=0)),
                ("round", models.BigIntegerField(default=0)),
                ("fed_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(concurrency=None) | Q(concurrency__gte=1, concurrency__lte=64),
                        name="clocks_lane_concurrency",
                    )
                ]
            },
        ),
    ]
