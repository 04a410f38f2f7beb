from django.db import migrations, models

ASK = """
INSERT INTO clocks_due (town, kind, period, due_at, state, attempts, problem)
SELECT DISTINCT town, 'calendar.replan', '', '2020-01-01+08'::timestamptz, 'waiting', 0, ''
FROM clocks_due WHERE kind = 'calendar.watch' AND state = 'waiting'
ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):
    """The last days of every town's steps, for the district; towns that are in the middle of a year tell theirs."""

    dependencies = [("clocks", "0010_watches")]

    operations = [
        migrations.CreateModel(
            name="Deadline",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("town", models.CharField(max_length=63)),
                ("clock", models.CharField(max_length=10, verbose_name="时钟")),
                ("period", models.CharField(max_length=10, verbose_name="期间")),
                ("due_on", models.DateField(verbose_name="截止")),
                ("done_on", models.DateField(null=True, verbose_name="办完")),
            ],
            options={
                "ordering": ["due_on", "clock"],
                "constraints": [
                    models.UniqueConstraint(fields=("town", "clock", "period"), name="clocks_deadline_once")
                ],
            },
        ),
        migrations.RunSQL(ASK, migrations.RunSQL.noop),
    ]
