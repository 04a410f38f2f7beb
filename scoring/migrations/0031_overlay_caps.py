"""A village's overlay counts in the caps of its town's book."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent / "sql" / "overlay_caps.sql"


class Migration(migrations.Migration):
    dependencies = [("scoring", "0030_effects")]

    operations = [migrations.RunSQL(SQL.read_text(encoding="utf-8"), migrations.RunSQL.noop)]
