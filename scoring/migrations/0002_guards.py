from pathlib import Path

from django.db import migrations

FOLDER = Path(__file__).parent / "sql"
FILES = ("guards", "rules", "reviews", "ledger", "years", "pins")


class Migration(migrations.Migration):
    """The rules that the database itself holds (DESIGN §4), in plain SQL."""

    dependencies = [("scoring", "0001_initial")]

    operations = [migrations.RunSQL((FOLDER / f"{name}.sql").read_text(encoding="utf-8")) for name in FILES]
