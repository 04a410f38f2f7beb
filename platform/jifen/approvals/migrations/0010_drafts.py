"""The draft of a flow, one for the town and kind."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('approvals', '0002_stages'),
    ]

    operations = [
        migrations.CreateModel(
            name='FlowDraft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('actor_realm', models.CharField(max_length=63)),
                ('actor_id', models.BigIntegerField()),
                ('actor_name', models.CharField(max_length=60)),
                ('subject_kind', models.CharField(max_length=40, unique=True, verbose_name='事项')),
                ('steps', models.JSONField(verbose_name='步骤')),
                ('base', models.PositiveIntegerField(verbose_name='从哪一版改起')),
                ('revision', models.PositiveIntegerField(default=1, verbose_name='第几次修改')),
                ('changed_at', models.DateTimeField(verbose_name='修改时间')),
            ],
            options={
                'abstract': False,
            },
        ),
    ]
