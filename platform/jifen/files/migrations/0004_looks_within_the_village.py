from django.db import migrations

PARTS = {
    "files_look_0": "(look & 65535)",
    "files_look_16": "((look >> 16) & 65535)",
    "files_look_32": "((look >> 32) & 65535)",
    "files_look_48": "((look >> 48) & 65535)",
}


class Migration(migrations.Migration):
    """Pictures of one place have parts in common, so that these indexes brought up most of a town's: a sheet compares
    its photos with its village's own instead."""

    dependencies = [("files", "0003_look_parts")]

    operations = [
        migrations.RunSQL(
            f"DROP INDEX {name}", f"CREATE INDEX {name} ON files_file ({part}, look, id) WHERE look IS NOT NULL"
        )
        for name, part in PARTS.items()
    ]
