"""Who gets or bears a part of another household's deed decides on it no more than on her own (I11)."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).parent / "sql" / "sharing.sql"


class Migration(migrations.Migration):
    dependencies = [("scoring", "0036_sitters")]

    operations = [migrations.RunSQL(SQL.read_text(encoding="utf-8"), migrations.RunSQL.noop)]
