import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F, Q

import jifen.kernel.fields


class Migration(migrations.Migration):
    initial = True
    dependencies = [migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.CreateModel(
            name="Channel",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("actor_realm", models.CharField(max_length=63)),
                ("actor_id", models.BigIntegerField()),
                ("actor_name", models.CharField(max_length=60)),
                ("name", models.CharField(max_length=40, unique=True, verbose_name="名称")),
                ("address", jifen.kernel.fields.SealedTextField(verbose_name="地址")),
                ("audience", models.CharField(max_length=60, verbose_name="提醒谁的事项")),
                ("every_minutes", models.PositiveSmallIntegerField(default=60, verbose_name="汇总间隔(分钟)")),
                ("quiet_from", models.TimeField(verbose_name="免打扰开始")),
                ("quiet_to", models.TimeField(verbose_name="免打扰结束")),
                ("is_active", models.BooleanField(default=True, verbose_name="启用")),
                ("created_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["name"],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(("every_minutes__gte", 15), ("every_minutes__lte", 1440)), name="inbox_interval"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(max_length=30, verbose_name="类别")),
                ("title", models.CharField(max_length=80, verbose_name="标题")),
                ("body", models.CharField(blank=True, max_length=300, verbose_name="内容")),
                ("address", models.CharField(blank=True, max_length=200, verbose_name="链接")),
                ("key", models.CharField(max_length=120)),
                ("made_at", models.DateTimeField(verbose_name="时间")),
                ("read_at", models.DateTimeField(null=True, verbose_name="已读")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="messages",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-made_at", "-id"],
                "indexes": [
                    models.Index(
                        condition=Q(("read_at", None)), fields=["user", "-made_at"], name="inbox_message_unread"
                    )
                ],
                "constraints": [models.UniqueConstraint(fields=("user", "key"), name="inbox_message_once")],
            },
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("since", models.DateTimeField(null=True)),
                ("until", models.DateTimeField()),
                ("messages", models.PositiveIntegerField(verbose_name="条数")),
                ("text", models.TextField(verbose_name="内容")),
                (
                    "state",
                    models.CharField(
                        choices=[("waiting", "待发送"), ("sent", "已发送"), ("failed", "发送失败")],
                        default="waiting",
                        max_length=8,
                        verbose_name="状态",
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0, verbose_name="次数")),
                ("problem", models.CharField(blank=True, max_length=200, verbose_name="原因")),
                ("sent_at", models.DateTimeField(null=True, verbose_name="发送时间")),
                (
                    "channel",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="deliveries", to="inbox.channel"
                    ),
                ),
            ],
            options={
                "ordering": ["-until", "-id"],
                "constraints": [
                    models.UniqueConstraint(fields=("channel", "until"), name="inbox_delivery_once"),
                    models.CheckConstraint(
                        condition=Q(("since", None), ("since__lt", F("until")), _connector="OR"),
                        name="inbox_delivery_span",
                    ),
                ],
            },
        ),
    ]
