"""A change of the roster that was sent back to whoever asked for it may be mended."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent / "sql" / "changes_mended.sql"


class Migration(migrations.Migration):

    dependencies = [
        ("approvals", "0002_stages"),
        ("community", "0012_cells"),
    ]

    operations = [
        migrations.RunSQL(SQL.read_text(encoding="utf-8")),
    ]
