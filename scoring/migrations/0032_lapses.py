"""Redeemable points that end by themselves, and those that outlive the year."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('community', '0010_roster_changes'),
        ('scoring', '0031_overlay_caps'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='entry',
            name='scoring_merit_stays',
        ),
        migrations.AddField(
            model_name='entry',
            name='ends_on',
            field=models.DateField(null=True, verbose_name='最后能用的一天'),
        ),
        migrations.AlterField(
            model_name='entry',
            name='cause',
            field=models.CharField(choices=[('declaration', '登记'), ('base_grant', '基础分'), ('opening', '期初'), ('redemption', '兑换'), ('expiry', '年终清零'), ('reversal', '更正'), ('zeroing', '积分清零'), ('lapse', '积分到期')], max_length=12),
        ),
        migrations.AlterField(
            model_name='posting',
            name='cause',
            field=models.CharField(choices=[('declaration', '登记'), ('base_grant', '基础分'), ('opening', '期初'), ('redemption', '兑换'), ('expiry', '年终清零'), ('reversal', '更正'), ('zeroing', '积分清零'), ('lapse', '积分到期')], max_length=12),
        ),
        migrations.AddIndex(
            model_name='entry',
            index=models.Index(condition=models.Q(('ends_on__isnull', False)), fields=['ends_on'], name='scoring_entry_ends'),
        ),
        migrations.AddConstraint(
            model_name='entry',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('measure', 'merit'), _negated=True), models.Q(('cause__in', ['redemption', 'expiry', 'lapse']), _negated=True), _connector='OR'), name='scoring_merit_stays'),
        ),
    ]
