from pathlib import Path

from django.db import migrations, models

SQL = Path(__file__).parent / "sql" / "standing_back.sql"


class Migration(migrations.Migration):
    """Who decides on hers stands back from theirs, on the sheets of towns that say so."""

    dependencies = [("community", "0001_initial"), ("scoring", "0010_rulebook_life")]

    operations = [
        migrations.AddField(
            model_name="review",
            name="is_mutual",
            field=models.BooleanField(db_default=False, default=False, verbose_name="互评回避"),
        ),
        migrations.RunSQL(SQL.read_text(encoding="utf-8")),
    ]
