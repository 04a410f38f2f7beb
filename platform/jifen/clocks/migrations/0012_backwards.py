from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """What a clock that is set back needs to know of the rows planned while it stood ahead."""

    dependencies = [("clocks", "0011_deadlines")]

    operations = [
        migrations.AddField("due", "planned_at", models.DateTimeField(null=True, verbose_name="排定(业务时间)")),
        migrations.AddField("due", "follows", models.BigIntegerField(null=True, verbose_name="由哪一项排定")),
        migrations.AddField(
            "due",
            "is_again",
            models.BooleanField(
                db_default=False, default=False, help_text="时间调快时办过，调回以后到期再办", verbose_name="再办一次"
            ),
        ),
        migrations.CreateModel(
            name="Beat",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("business", models.DateTimeField(verbose_name="业务时间")),
            ],
            options={"constraints": [models.CheckConstraint(condition=Q(id=1), name="clocks_beat_one_row")]},
        ),
        migrations.CreateModel(
            name="SetBack",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ahead", models.DateTimeField(verbose_name="走快到")),
                ("back", models.DateTimeField(verbose_name="调回到")),
                ("noticed_at", models.DateTimeField(verbose_name="发现(实际时间)")),
                ("done", models.JSONField(default=dict, verbose_name="走快期间办的")),
            ],
        ),
    ]
