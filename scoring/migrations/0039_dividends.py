"""Dividends: a pool of money parted by points, each run kept as it was decided."""

from pathlib import Path

import django.db.models.deletion
import jifen.kernel.points
from django.db import migrations, models

SQL = Path(__file__).parent / "sql" / "dividends.sql"


class Migration(migrations.Migration):

    dependencies = [
        ('community', '0012_cells'),
        ('scoring', '0037_sharing'),
    ]

    operations = [
        migrations.CreateModel(
            name='Dividend',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('actor_realm', models.CharField(max_length=63)),
                ('actor_id', models.BigIntegerField()),
                ('actor_name', models.CharField(max_length=60)),
                ('pool', models.CharField(max_length=40, verbose_name='资金编号')),
                ('name', models.CharField(max_length=120, verbose_name='资金名称')),
                ('terms', models.JSONField()),
                ('term', models.CharField(max_length=20, verbose_name='分哪一期')),
                ('since', models.DateField(verbose_name='起')),
                ('until', models.DateField(verbose_name='止')),
                ('amount_fen', models.BigIntegerField(verbose_name='金额（分）')),
                ('carried_fen', models.BigIntegerField(default=0, verbose_name='上期转入（分）')),
                ('residue_fen', models.BigIntegerField(verbose_name='余额（分）')),
                ('households', models.PositiveIntegerField(verbose_name='户数')),
                ('points', jifen.kernel.points.PointsField(decimal_places=2, max_digits=12, verbose_name='参加分配的总分')),
                ('told', models.CharField(max_length=400, verbose_name='算法说明')),
                ('made_at', models.DateTimeField()),
                ('paid_on', models.DateField(null=True, verbose_name='发放日期')),
                ('paid_by_name', models.CharField(blank=True, default='', max_length=60, verbose_name='登记发放的人')),
                ('voided_at', models.DateTimeField(null=True)),
                ('voided_by_name', models.CharField(blank=True, default='', max_length=60, verbose_name='作废的人')),
                ('void_reason', models.CharField(blank=True, default='', max_length=200, verbose_name='作废原因')),
                ('carried_from', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='carried_to', to='scoring.dividend')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='scoring.rulebookversion')),
                ('village', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='community.village')),
            ],
            options={
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='DividendLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('points', jifen.kernel.points.PointsField(decimal_places=2, max_digits=12, verbose_name='积分')),
                ('fen', models.BigIntegerField(verbose_name='分得（分）')),
                ('dividend', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='scoring.dividend')),
                ('household', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='dividends', to='community.household')),
            ],
        ),
        migrations.AddConstraint(
            model_name='dividend',
            constraint=models.UniqueConstraint(condition=models.Q(('voided_at', None)), fields=('village', 'pool', 'since'), name='scoring_dividend_once', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='dividend',
            constraint=models.UniqueConstraint(condition=models.Q(('voided_at', None)), fields=('carried_from',), name='scoring_dividend_carried_once'),
        ),
        migrations.AddConstraint(
            model_name='dividend',
            constraint=models.CheckConstraint(condition=models.Q(('until__gte', models.F('since'))), name='scoring_dividend_days'),
        ),
        migrations.AddConstraint(
            model_name='dividend',
            constraint=models.CheckConstraint(condition=models.Q(('amount_fen__gt', 0), ('carried_fen__gte', 0), ('households__gt', 0), ('residue_fen__gte', 0)), name='scoring_dividend_sums'),
        ),
        migrations.AddConstraint(
            model_name='dividend',
            constraint=models.CheckConstraint(condition=models.Q(('carried_from__isnull', False), ('carried_fen', 0), _connector='OR'), name='scoring_dividend_carries'),
        ),
        migrations.AddConstraint(
            model_name='dividend',
            constraint=models.CheckConstraint(condition=models.Q(('paid_on', None), ('voided_at', None), _connector='OR'), name='scoring_dividend_paid_or_void'),
        ),
        migrations.AddConstraint(
            model_name='dividend',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('void_reason', ''), ('voided_at', None)), models.Q(('voided_at__isnull', False), models.Q(('void_reason', ''), _negated=True)), _connector='OR'), name='scoring_dividend_void_why'),
        ),
        migrations.AddConstraint(
            model_name='dividendline',
            constraint=models.UniqueConstraint(fields=('dividend', 'household'), name='scoring_dividend_line_once'),
        ),
        migrations.AddConstraint(
            model_name='dividendline',
            constraint=models.CheckConstraint(condition=models.Q(('fen__gte', 0), ('points__gt', 0)), name='scoring_dividend_line_sums'),
        ),
        migrations.RunSQL(SQL.read_text(encoding="utf-8"), migrations.RunSQL.noop),
    ]
