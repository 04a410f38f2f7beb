"""Whoever a sheet's flow seats decides on it: she counts where those who decide on each other's deeds stand back."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent / "sql" / "sitters.sql"


class Migration(migrations.Migration):
    dependencies = [("approvals", "0001_initial"), ("scoring", "0035_telling")]

    operations = [migrations.RunSQL(SQL.read_text(encoding="utf-8"), migrations.RunSQL.noop)]
