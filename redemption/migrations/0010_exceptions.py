"""One redemption may be excused; who runs a shop; what a flow decides is paid after it."""

from pathlib import Path

import django.db.models.deletion
import jifen.kernel.points
from django.db import migrations, models

FOLDER = Path(__file__).parent / "sql"


class Migration(migrations.Migration):

    dependencies = [
        ('approvals', '0002_stages'),
        ('community', '0002_posts'),
        ('files', '0002_looks'),
        ('redemption', '0002_guards'),
    ]

    operations = [
        migrations.AddField(
            model_name='membership',
            name='run_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='community.household', verbose_name='经营者所在户'),
        ),
        migrations.AddField(
            model_name='settlement',
            name='approved_at',
            field=models.DateTimeField(help_text='本镇按审批流程付款时', null=True, verbose_name='同意付款时间'),
        ),
        migrations.AlterField(
            model_name='redemption',
            name='window',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='redemptions', to='redemption.redemptionwindow'),
        ),
        migrations.CreateModel(
            name='RedemptionException',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('actor_realm', models.CharField(max_length=63)),
                ('actor_id', models.BigIntegerField()),
                ('actor_name', models.CharField(max_length=60)),
                ('quantity', models.PositiveSmallIntegerField(verbose_name='数量')),
                ('points', jifen.kernel.points.PointsField(decimal_places=2, max_digits=12, verbose_name='分值')),
                ('kind', models.CharField(choices=[('window', '不在兑换期'), ('threshold', '没到起兑分值'), ('village', '到外村兑换点'), ('card', '没带积分码')], max_length=10, verbose_name='特例')),
                ('reason', models.CharField(max_length=200, verbose_name='理由')),
                ('use_by', models.DateField(verbose_name='最迟哪天兑换')),
                ('state', models.CharField(choices=[('asked', '待批准'), ('approved', '已同意'), ('refused', '未同意'), ('withdrawn', '已撤回')], default='asked', max_length=10, verbose_name='状态')),
                ('asked_at', models.DateTimeField()),
                ('decided_at', models.DateTimeField(null=True)),
                ('decided_by_name', models.CharField(blank=True, max_length=60, verbose_name='决定人')),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='意见')),
                ('household', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='community.household')),
                ('membership', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='exceptions', to='redemption.membership')),
                ('offering', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='redemption.offering')),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.AddField(
            model_name='redemption',
            name='exception',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='redemptions', to='redemption.redemptionexception', verbose_name='兑换特例'),
        ),
        migrations.AddConstraint(
            model_name='redemption',
            constraint=models.CheckConstraint(condition=models.Q(('window__isnull', False), ('exception__isnull', False), _connector='OR'), name='redemption_in_a_window'),
        ),
        migrations.AddConstraint(
            model_name='redemption',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'released'), _negated=True), fields=('exception',), name='redemption_exception_used_once'),
        ),
        migrations.AddIndex(
            model_name='redemptionexception',
            index=models.Index(fields=['membership', 'state'], name='redemption_exception_shop'),
        ),
        migrations.AddConstraint(
            model_name='redemptionexception',
            constraint=models.CheckConstraint(condition=models.Q(('points__gt', 0), ('quantity__gt', 0)), name='redemption_exception_quantity'),
        ),
        migrations.AddConstraint(
            model_name='redemptionexception',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['window', 'threshold', 'village', 'card']), ('state__in', ['asked', 'approved', 'refused', 'withdrawn'])), name='redemption_exception_state'),
        ),
        migrations.AddConstraint(
            model_name='redemptionexception',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('state', 'asked')), models.Q(models.Q(('state', 'asked'), _negated=True), ('decided_at__isnull', False)), _connector='OR'), name='redemption_exception_decided'),
        ),
        migrations.AddConstraint(
            model_name='redemptionexception',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='redemption_exception_reason'),
        ),
        migrations.AddConstraint(
            model_name='redemptionexception',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'asked')), fields=('household', 'offering', 'kind'), name='redemption_exception_once'),
        ),
        migrations.RunSQL((FOLDER / "exceptions.sql").read_text(encoding="utf-8")),
    ]
