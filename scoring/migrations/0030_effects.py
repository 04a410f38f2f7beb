"""What deeds bring beyond their points: freezes, bars, zeroings, leaving; what ended them."""

from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

GUARDS = Path(__file__).parent / "sql" / "effects.sql"


class Migration(migrations.Migration):

    dependencies = [
        ('community', '0010_roster_changes'),
        ('scoring', '0022_whatif'),
    ]

    operations = [
        migrations.CreateModel(
            name='Effect',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField()),
                ('kind', models.CharField(choices=[('zero_year', '当年积分清零'), ('zero_balance', '可兑换积分清零'), ('bar_honours', '取消评优资格'), ('bar_redemption', '暂停兑换'), ('freeze_positive', '暂停加分'), ('downgrade_star', '星级降级'), ('leave_programme', '退出积分制')], max_length=16, verbose_name='后果')),
                ('first', models.DateField(verbose_name='起')),
                ('last', models.DateField(null=True, verbose_name='止')),
                ('until_repair', models.BooleanField(default=False, verbose_name='到整改为止')),
                ('stars', models.PositiveSmallIntegerField(default=0, verbose_name='降几星')),
                ('at_zero', models.BooleanField(default=False, verbose_name='扣完才退出')),
                ('text', models.CharField(max_length=600, verbose_name='说明')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='EffectLeave',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('left_on', models.DateField(verbose_name='退出日期')),
            ],
        ),
        migrations.CreateModel(
            name='EffectLift',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(verbose_name='整改日期')),
            ],
        ),
        migrations.AddField(
            model_name='posting',
            name='follows',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='followed_by', to='scoring.posting'),
        ),
        migrations.AlterField(
            model_name='entry',
            name='cause',
            field=models.CharField(choices=[('declaration', '登记'), ('base_grant', '基础分'), ('opening', '期初'), ('redemption', '兑换'), ('expiry', '年终清零'), ('reversal', '更正'), ('zeroing', '积分清零')], max_length=12),
        ),
        migrations.AlterField(
            model_name='posting',
            name='cause',
            field=models.CharField(choices=[('declaration', '登记'), ('base_grant', '基础分'), ('opening', '期初'), ('redemption', '兑换'), ('expiry', '年终清零'), ('reversal', '更正'), ('zeroing', '积分清零')], max_length=12),
        ),
        migrations.AddConstraint(
            model_name='posting',
            constraint=models.UniqueConstraint(condition=models.Q(('follows__isnull', False)), fields=('follows',), name='scoring_followed_once'),
        ),
        migrations.AddConstraint(
            model_name='posting',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('cause', 'zeroing'), ('follows__isnull', False)), models.Q(models.Q(('cause', 'zeroing'), _negated=True), ('follows', None)), _connector='OR'), name='scoring_posting_follows'),
        ),
        migrations.AddField(
            model_name='effect',
            name='household',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='effects', to='community.household'),
        ),
        migrations.AddField(
            model_name='effect',
            name='posting',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='effects', to='scoring.posting'),
        ),
        migrations.AddField(
            model_name='effect',
            name='resident',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='community.resident'),
        ),
        migrations.AddField(
            model_name='effectleave',
            name='application',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='community.application'),
        ),
        migrations.AddField(
            model_name='effectleave',
            name='effect',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='leaves', to='scoring.effect'),
        ),
        migrations.AddField(
            model_name='effectlift',
            name='effect',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lifts', to='scoring.effect'),
        ),
        migrations.AddField(
            model_name='effectlift',
            name='posting',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lifts', to='scoring.posting'),
        ),
        migrations.AddIndex(
            model_name='effect',
            index=models.Index(condition=models.Q(('kind', 'freeze_positive')), fields=['household'], name='scoring_effect_freezes'),
        ),
        migrations.AddIndex(
            model_name='effect',
            index=models.Index(condition=models.Q(('kind', 'leave_programme')), fields=['household'], name='scoring_effect_leaves'),
        ),
        migrations.AddConstraint(
            model_name='effect',
            constraint=models.UniqueConstraint(fields=('posting', 'position'), name='scoring_effect_once'),
        ),
        migrations.AddConstraint(
            model_name='effect',
            constraint=models.CheckConstraint(condition=models.Q(('last', None), ('last__gte', models.F('first')), _connector='OR'), name='scoring_effect_days'),
        ),
        migrations.AddConstraint(
            model_name='effect',
            constraint=models.CheckConstraint(condition=models.Q(('until_repair', False), ('last', None), _connector='OR'), name='scoring_effect_repair'),
        ),
        migrations.AddConstraint(
            model_name='effectleave',
            constraint=models.UniqueConstraint(fields=('effect', 'application'), name='scoring_left_once'),
        ),
        migrations.AddConstraint(
            model_name='effectlift',
            constraint=models.UniqueConstraint(fields=('effect', 'posting'), name='scoring_lifted_once'),
        ),
        migrations.RunSQL(GUARDS.read_text(encoding="utf-8")),
    ]
