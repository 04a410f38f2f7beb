"""What could not be priced is recorded and decided by a person."""

from pathlib import Path

from django.db import migrations, models
from django.db.models import Q

SQL = Path(__file__).parent / "sql" / "undecided.sql"


class Migration(migrations.Migration):
    dependencies = [("scoring", "0009_standing_back")]

    operations = [
        migrations.AddField(
            "declaration",
            "undecided",
            models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="不空时由审核组认定分值",
                max_length=200,
                verbose_name="待定原因",
            ),
        ),
        migrations.AddIndex(
            "declaration",
            models.Index(condition=~Q(undecided=""), fields=["village"], name="scoring_undecided"),
        ),
        migrations.RunSQL(SQL.read_text(encoding="utf-8")),
    ]
