"""Whoever a sheet's flow seats decides on it: she counts where those who decide on each other's deeds stand back.

What was decided on paper says who has entered it.
"""

from pathlib import Path

from django.db import migrations, models

SQL = Path(__file__).parent / "sql" / "sitters.sql"


class Migration(migrations.Migration):
    dependencies = [("approvals", "0001_initial"), ("scoring", "0035_telling")]

    operations = [
        migrations.AddField(
            "reviewitem",
            "entered_by_name",
            models.CharField(blank=True, db_default="", default="", max_length=60),
        ),
        migrations.RunSQL(SQL.read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]
