import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import F


def key(to: object, name: str = "+", **more: object) -> models.ForeignKey:
    return models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name=name, to=to, **more)


class Migration(migrations.Migration):
    """A post changes hands: what went over, before a witness."""

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("community", "0001_initial"),
        ("files", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="HandOver",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("actor_realm", models.CharField(max_length=63)),
                ("actor_id", models.BigIntegerField()),
                ("actor_name", models.CharField(max_length=60)),
                ("giver_name", models.CharField(max_length=60, verbose_name="移交人姓名")),
                ("receiver_name", models.CharField(max_length=60, verbose_name="接收人姓名")),
                ("witness", models.CharField(max_length=40, verbose_name="监交人")),
                ("on", models.DateField(verbose_name="移交日期")),
                ("posts", models.JSONField(verbose_name="移交的职责")),
                ("work", models.JSONField(verbose_name="移交的在办事项")),
                ("things", models.JSONField(verbose_name="移交的物品")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="说明")),
                ("handed_at", models.DateTimeField()),
                ("giver", key(settings.AUTH_USER_MODEL, verbose_name="移交人")),
                ("receiver", key(settings.AUTH_USER_MODEL, verbose_name="接收人")),
                ("scan", key("files.file", null=True, verbose_name="签字扫描件")),
            ],
            options={
                "ordering": ["-handed_at", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("giver", F("receiver")), _negated=True), name="community_hand_over_to_other"
                    )
                ],
            },
        ),
    ]
