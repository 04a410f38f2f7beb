import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    """Which audit rows wait for a seal, of all schemas in one place."""

    dependencies = [("outbox", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Unsealed",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("town", models.CharField(db_index=True, max_length=63)),
                (
                    "row_ids",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(), null=True, size=None
                    ),
                ),
            ],
        ),
    ]
