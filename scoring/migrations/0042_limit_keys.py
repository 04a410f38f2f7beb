"""What is used of a cap is kept under its key, whatever its place in the list."""

from pathlib import Path

from django.db import migrations, models

FOLDER = Path(__file__).parent / "sql"
BUCKET = ["rulebook", "rule_code", "limit_key", "scope_kind", "scope_id", "period_start", "by_value"]


def _sql(name: str) -> migrations.RunSQL:
    return migrations.RunSQL((FOLDER / name).read_text(encoding="utf-8"), migrations.RunSQL.noop)


class Migration(migrations.Migration):
    dependencies = [("scoring", "0041_unread_lines")]

    operations = [
        migrations.AddField("rulelimit", "key", models.CharField(default="", max_length=120), preserve_default=False),
        migrations.AddField("capuse", "limit_key", models.CharField(default="", max_length=120), preserve_default=False),
        _sql("limit_keys.sql"),
        migrations.RemoveConstraint("capuse", "scoring_cap_once"),
        migrations.RemoveField("capuse", "limit_position"),
        migrations.AddConstraint("capuse", models.UniqueConstraint(fields=BUCKET, name="scoring_cap_once")),
        migrations.AddConstraint(
            "rulelimit", models.UniqueConstraint(fields=["rule", "key"], name="scoring_limit_key")
        ),
        _sql("limit_counts.sql"),
    ]
