"""A relation counts from the moment it is recorded: those of before, from the day after the one they were declared on."""

from django.db import migrations, models

import jifen.kernel.clock

FILL = """
UPDATE community_relative SET recorded_at = (declared_on + 1)::timestamp AT TIME ZONE 'Asia/Shanghai'
"""


class Migration(migrations.Migration):

    dependencies = [
        ("community", "0013_changes_mended"),
    ]

    operations = [
        migrations.AddField(
            model_name="relative",
            name="recorded_at",
            field=models.DateTimeField(default=jifen.kernel.clock.now, verbose_name="登记时间"),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
