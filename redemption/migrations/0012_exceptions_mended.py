"""An exception that was sent back to whoever asked for it may be mended."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent / "sql" / "exceptions_mended.sql"


class Migration(migrations.Migration):

    dependencies = [
        ('approvals', '0002_stages'),
        ('redemption', '0011_archive_failed'),
    ]

    operations = [
        migrations.RunSQL(SQL.read_text(encoding="utf-8")),
    ]
