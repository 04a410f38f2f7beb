from pathlib import Path

import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models

GUARDS = (Path(__file__).parent / "sql" / "rulebooks.sql").read_text(encoding="utf-8")
UNBEGUN = """
UPDATE scoring_rulebookversion SET effective_to = effective_from WHERE state = 'withdrawn'
"""
"""Versions that were withdrawn so far judged nothing: they keep no dates."""


class Migration(migrations.Migration):
    """Drafts that people write together, what was found, tried and resolved, and the dated versions they become."""

    dependencies = [
        ('files', '0002_looks'),
        ('scoring', '0007_corrections'),
    ]

    operations = [
        migrations.RunSQL(UNBEGUN, migrations.RunSQL.noop),
        migrations.CreateModel(
            name='DraftFinding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(help_text='同一问题、同样的条目内容，编号不变', max_length=64)),
                ('kind', models.CharField(max_length=40)),
                ('codes', models.JSONField(default=list, verbose_name='条目')),
                ('text', models.CharField(max_length=600, verbose_name='问题')),
                ('mend', models.CharField(blank=True, max_length=600, verbose_name='建议')),
                ('is_blocking', models.BooleanField(verbose_name='须处理')),
                ('revision', models.PositiveIntegerField()),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='签署理由')),
                ('signed_at', models.DateTimeField(null=True)),
                ('signed_by_name', models.CharField(blank=True, max_length=60)),
            ],
            options={
                'ordering': ['-is_blocking', 'id'],
            },
        ),
        migrations.CreateModel(
            name='DraftItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=40, verbose_name='编号')),
                ('position', models.PositiveIntegerField(verbose_name='序号')),
                ('body', models.JSONField()),
                ('is_removed', models.BooleanField(default=False, verbose_name='已删除')),
                ('revision', models.PositiveIntegerField(default=1)),
                ('changed_at', models.DateTimeField()),
                ('changed_by_name', models.CharField(max_length=60)),
            ],
            options={
                'ordering': ['position', 'id'],
            },
        ),
        migrations.CreateModel(
            name='DraftTrial',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('actor_realm', models.CharField(max_length=63)),
                ('actor_id', models.BigIntegerField()),
                ('actor_name', models.CharField(max_length=60)),
                ('revision', models.PositiveIntegerField()),
                ('summary', models.JSONField(null=True, verbose_name='试算结果')),
                ('waiver', models.CharField(blank=True, max_length=300, verbose_name='不试算的理由')),
                ('made_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Resolution',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('actor_realm', models.CharField(max_length=63)),
                ('actor_id', models.BigIntegerField()),
                ('actor_name', models.CharField(max_length=60)),
                ('revision', models.PositiveIntegerField()),
                ('meeting', models.CharField(choices=[('representatives', '村民代表会议'), ('assembly', '村民会议')], max_length=16, verbose_name='会议')),
                ('held_on', models.DateField(verbose_name='日期')),
                ('place', models.CharField(max_length=80, verbose_name='地点')),
                ('members', models.PositiveIntegerField(verbose_name='应到')),
                ('present', models.PositiveIntegerField(verbose_name='实到')),
                ('votes_for', models.PositiveIntegerField(verbose_name='赞成')),
                ('votes_against', models.PositiveIntegerField(verbose_name='反对')),
                ('votes_abstained', models.PositiveIntegerField(verbose_name='弃权')),
                ('quorum', models.JSONField(verbose_name='到会比例')),
                ('majority', models.JSONField(verbose_name='通过比例')),
                ('is_passed', models.BooleanField(verbose_name='是否通过')),
                ('text', models.CharField(max_length=600, verbose_name='决议')),
                ('made_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['held_on', 'id'],
            },
        ),
        migrations.AddField(
            model_name='rulebookversion',
            name='bounds',
            field=models.JSONField(db_default={}, default=dict, verbose_name='村里能改什么'),
        ),
        migrations.AddField(
            model_name='rulebookversion',
            name='content_hash',
            field=models.CharField(blank=True, db_default='', default='', max_length=64),
        ),
        migrations.AddField(
            model_name='rulebookversion',
            name='earlier_end',
            field=models.DateField(help_text='撤销未生效的版本时还给前一版本', null=True, verbose_name='前一版本原来的截止日期'),
        ),
        migrations.AddField(
            model_name='rulebookversion',
            name='enacted_at',
            field=models.DateTimeField(null=True, verbose_name='定下生效日期的时间'),
        ),
        migrations.AddField(
            model_name='rulebookversion',
            name='head',
            field=models.JSONField(db_default={}, default=dict, verbose_name='通用约定'),
        ),
        migrations.AddField(
            model_name='rulebookversion',
            name='note',
            field=models.CharField(blank=True, db_default='', default='', max_length=200, verbose_name='说明'),
        ),
        migrations.AddField(
            model_name='rulebookversion',
            name='origin_code',
            field=models.CharField(blank=True, db_default='', default='', max_length=60, verbose_name='样张'),
        ),
        migrations.AddField(
            model_name='rulebookversion',
            name='origin_number',
            field=models.PositiveSmallIntegerField(null=True, verbose_name='样张版本'),
        ),
        migrations.AddField(
            model_name='rulebookversion',
            name='overlay',
            field=models.JSONField(null=True, verbose_name='村里的改动'),
        ),
        migrations.AddField(
            model_name='rulebookversion',
            name='town_version',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='village_versions', to='scoring.rulebookversion'),
        ),
        migrations.AlterField(
            model_name='rulebookversion',
            name='state',
            field=models.CharField(choices=[('draft', '草稿'), ('submitted', '审批中'), ('approved', '已批准'), ('in_force', '已生效'), ('superseded', '已被取代'), ('withdrawn', '已撤销')], default='draft', max_length=10, verbose_name='状态'),
        ),
        migrations.CreateModel(
            name='Adaptation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('pending', '待确认'), ('confirmed', '已确认'), ('replaced', '已有更新的版本')], default='pending', max_length=10, verbose_name='状态')),
                ('choices', models.JSONField(default=dict, verbose_name='选择')),
                ('made_at', models.DateTimeField()),
                ('decided_at', models.DateTimeField(null=True)),
                ('decided_by_name', models.CharField(blank=True, max_length=60)),
                ('from_version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='scoring.rulebookversion')),
                ('result', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='scoring.rulebookversion')),
                ('rulebook', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='adaptations', to='scoring.rulebook')),
                ('town_version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='scoring.rulebookversion')),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='Draft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('actor_realm', models.CharField(max_length=63)),
                ('actor_id', models.BigIntegerField()),
                ('actor_name', models.CharField(max_length=60)),
                ('state', models.CharField(choices=[('open', '编辑中'), ('checked', '已检查'), ('tried', '已试算'), ('submitted', '审批中'), ('approved', '已通过'), ('discarded', '已放弃')], default='open', max_length=10, verbose_name='状态')),
                ('title', models.CharField(max_length=120, verbose_name='名称')),
                ('head', models.JSONField(default=dict, verbose_name='通用约定')),
                ('bounds', models.JSONField(default=dict, verbose_name='村里能改什么')),
                ('head_revision', models.PositiveIntegerField(default=0)),
                ('revision', models.PositiveIntegerField(default=0)),
                ('origin_code', models.CharField(blank=True, max_length=60, verbose_name='样张')),
                ('origin_number', models.PositiveSmallIntegerField(null=True, verbose_name='样张版本')),
                ('is_charter', models.BooleanField(default=False, verbose_name='是否涉及村规民约')),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='退回意见')),
                ('opened_at', models.DateTimeField()),
                ('changed_at', models.DateTimeField(verbose_name='最近改动')),
                ('changed_by_name', models.CharField(max_length=60, verbose_name='最近改动人')),
                ('base', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='scoring.rulebookversion')),
                ('rulebook', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='drafts', to='scoring.rulebook')),
            ],
        ),
        migrations.CreateModel(
            name='DeliberationStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('actor_realm', models.CharField(max_length=63)),
                ('actor_id', models.BigIntegerField()),
                ('actor_name', models.CharField(max_length=60)),
                ('step', models.CharField(choices=[('party', '村党组织提议'), ('committees', '村“两委”会议商议'), ('party_members', '党员大会审议'), ('representatives', '村民代表会议(村民会议)决议'), ('published', '决议公开'), ('implemented', '实施结果公开')], max_length=16, verbose_name='步骤')),
                ('held_on', models.DateField(verbose_name='日期')),
                ('note', models.CharField(blank=True, max_length=300, verbose_name='说明')),
                ('made_at', models.DateTimeField()),
                ('paper', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.file')),
                ('draft', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deliberations', to='scoring.draft')),
            ],
            options={
                'ordering': ['held_on', 'id'],
            },
        ),
        migrations.AddField(
            model_name='rulebookversion',
            name='draft',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='versions', to='scoring.draft'),
        ),
        migrations.AddConstraint(
            model_name='rulebookversion',
            constraint=models.CheckConstraint(condition=models.Q(('effective_to', None), ('effective_to__gte', models.F('effective_from')), _connector='OR'), name='scoring_version_dates'),
        ),
        migrations.AddConstraint(
            model_name='rulebookversion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('overlay', None), ('town_version', None)), models.Q(('overlay__isnull', False), ('town_version__isnull', False)), _connector='OR'), name='scoring_version_overlay'),
        ),
        migrations.AddConstraint(
            model_name='rulebookversion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'withdrawn'), _negated=True), ('effective_to__isnull', False), _connector='OR'), name='scoring_version_withdrawn'),
        ),
        migrations.AddField(
            model_name='draftfinding',
            name='draft',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='findings', to='scoring.draft'),
        ),
        migrations.AddField(
            model_name='draftitem',
            name='draft',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='items', to='scoring.draft'),
        ),
        migrations.AddField(
            model_name='drafttrial',
            name='draft',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='trials', to='scoring.draft'),
        ),
        migrations.AddField(
            model_name='resolution',
            name='draft',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='resolutions', to='scoring.draft'),
        ),
        migrations.AddField(
            model_name='resolution',
            name='minutes',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='files.file'),
        ),
        migrations.AddConstraint(
            model_name='adaptation',
            constraint=models.UniqueConstraint(fields=('rulebook', 'town_version'), name='scoring_adaptation_once'),
        ),
        migrations.AddConstraint(
            model_name='adaptation',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'pending')), fields=('rulebook',), name='scoring_adaptation_one_pending'),
        ),
        migrations.AddConstraint(
            model_name='adaptation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'confirmed'), _negated=True), ('result__isnull', False), _connector='OR'), name='scoring_adaptation_result'),
        ),
        migrations.AddConstraint(
            model_name='draft',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['open', 'checked', 'tried', 'submitted'])), fields=('rulebook',), name='scoring_one_draft'),
        ),
        migrations.AddConstraint(
            model_name='deliberationstep',
            constraint=models.UniqueConstraint(fields=('draft', 'step'), name='scoring_deliberation_once'),
        ),
        migrations.AddConstraint(
            model_name='draftfinding',
            constraint=models.UniqueConstraint(fields=('draft', 'key'), name='scoring_finding_once'),
        ),
        migrations.AddConstraint(
            model_name='draftfinding',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('reason', ''), ('signed_at', None), ('signed_by_name', '')), models.Q(('signed_at__isnull', False), models.Q(('reason', ''), _negated=True), models.Q(('signed_by_name', ''), _negated=True)), _connector='OR'), name='scoring_finding_signed'),
        ),
        migrations.AddConstraint(
            model_name='draftitem',
            constraint=models.UniqueConstraint(fields=('draft', 'code'), name='scoring_draftitem_code'),
        ),
        migrations.AddConstraint(
            model_name='drafttrial',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('summary', None), models.Q(('waiver', ''), _negated=True)), models.Q(('summary__isnull', False), ('waiver', '')), _connector='OR'), name='scoring_trial_or_waiver'),
        ),
        migrations.AddConstraint(
            model_name='resolution',
            constraint=models.CheckConstraint(condition=models.Q(('members__gt', 0), ('present__lte', models.F('members')), ('present', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('votes_for'), '+', models.F('votes_against')), '+', models.F('votes_abstained')))), name='scoring_resolution_votes'),
        ),
        migrations.RunSQL(GUARDS),
    ]
