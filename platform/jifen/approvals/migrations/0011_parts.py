"""Somebody whom several parts of a step mean counts for each of them."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("approvals", "0010_drafts"),
    ]

    operations = [
        migrations.AddField(
            model_name="assignment",
            name="also",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.PositiveSmallIntegerField(), default=list, size=None
            ),
        ),
    ]
