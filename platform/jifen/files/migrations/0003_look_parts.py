from django.db import migrations

PARTS = {
    "files_look_0": "(look & 65535)",
    "files_look_16": "((look >> 16) & 65535)",
    "files_look_32": "((look >> 32) & 65535)",
    "files_look_48": "((look >> 48) & 65535)",
}


class Migration(migrations.Migration):
    """An index for each of the four parts of a look, so that a picture's likes are found among any number."""

    dependencies = [("files", "0002_looks")]

    operations = [
        migrations.RunSQL(
            f"CREATE INDEX {name} ON files_file ({part}, look, id) WHERE look IS NOT NULL", f"DROP INDEX {name}"
        )
        for name, part in PARTS.items()
    ]
