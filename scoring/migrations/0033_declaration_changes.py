"""What a declaration said before it was changed."""

from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models


SQL = Path(__file__).parent / "sql" / "declaration_changes.sql"


class Migration(migrations.Migration):

    dependencies = [
        ('scoring', '0033_base_grant_keys'),
    ]

    operations = [
        migrations.CreateModel(
            name='DeclarationChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('actor_realm', models.CharField(max_length=63)),
                ('actor_id', models.BigIntegerField()),
                ('actor_name', models.CharField(max_length=60)),
                ('kind', models.CharField(choices=[('amended', '退回后修改'), ('points', '核实时改分值')], max_length=8)),
                ('before', models.JSONField(verbose_name='原来的内容')),
                ('at', models.DateTimeField(verbose_name='时间')),
                ('declaration', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='changes', to='scoring.declaration')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.RunSQL(SQL.read_text(encoding="utf-8")),
    ]
