"""A change of the roster may have to wait for a flow; what was asked stays, and is answered once."""

from pathlib import Path

import django.db.models.deletion
import jifen.kernel.fields
from django.db import migrations, models

FOLDER = Path(__file__).parent / "sql"


class Migration(migrations.Migration):

    dependencies = [
        ('community', '0002_posts'),
    ]

    operations = [
        migrations.CreateModel(
            name='RosterChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('actor_realm', models.CharField(max_length=63)),
                ('actor_id', models.BigIntegerField()),
                ('actor_name', models.CharField(max_length=60)),
                ('kind', models.CharField(choices=[('member_in', '成员迁入'), ('member_out', '成员迁出'), ('head', '变更户主'), ('split', '分户'), ('identity', '更正身份信息'), ('join', '加入积分制'), ('leave', '退出积分制')], max_length=12, verbose_name='变更')),
                ('terms', jifen.kernel.fields.SealedTextField(verbose_name='内容')),
                ('reason', models.CharField(blank=True, max_length=200, verbose_name='原因')),
                ('state', models.CharField(choices=[('asked', '待批准'), ('done', '已生效'), ('refused', '未同意'), ('withdrawn', '已撤回')], default='asked', max_length=10, verbose_name='状态')),
                ('asked_at', models.DateTimeField()),
                ('decided_at', models.DateTimeField(null=True)),
                ('decided_by_name', models.CharField(blank=True, max_length=60, verbose_name='决定人')),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='意见')),
                ('household', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='changes', to='community.household')),
                ('resident', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='community.resident')),
            ],
            options={
                'ordering': ['-id'],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('state', 'asked')), models.Q(('decided_at__isnull', False), ('state__in', ['done', 'refused', 'withdrawn'])), _connector='OR'), name='community_change_state'), models.UniqueConstraint(condition=models.Q(('state', 'asked'), models.Q(('kind', 'member_in'), ('resident', None), _negated=True)), fields=('household', 'kind', 'resident'), name='community_change_once', nulls_distinct=False)],
            },
        ),
        migrations.RunSQL((FOLDER / "roster_changes.sql").read_text(encoding="utf-8")),
    ]
