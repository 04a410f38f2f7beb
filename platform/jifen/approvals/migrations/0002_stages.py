"""Items stand at stages, stages have assignments, every act is a word; versions are put into force by themselves."""

from pathlib import Path

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

FOLDER = Path(__file__).parent / "sql"


class Migration(migrations.Migration):

    dependencies = [
        ('approvals', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Activation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('actor_realm', models.CharField(max_length=63)),
                ('actor_id', models.BigIntegerField()),
                ('actor_name', models.CharField(max_length=60)),
                ('subject_kind', models.CharField(max_length=40, verbose_name='事项')),
                ('running', models.CharField(choices=[('finish', '按原流程办完'), ('move', '转到新流程')], max_length=6, verbose_name='在办事项')),
                ('moved', models.PositiveIntegerField(default=0, verbose_name='转到新流程的件数')),
                ('at', models.DateTimeField(verbose_name='启用时间')),
            ],
        ),
        migrations.CreateModel(
            name='Assignment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('holder_id', models.BigIntegerField()),
                ('origin', models.CharField(choices=[('rule', '流程规定'), ('substitute', '回避替补'), ('delegate', '代理'), ('office', '镇级代办'), ('escalated', '超时上报'), ('transferred', '转交'), ('handed_over', '移交'), ('added', '加签')], default='rule', max_length=12)),
                ('state', models.CharField(choices=[('waiting', '未轮到'), ('active', '待办'), ('claimed', '已认领'), ('done', '已办'), ('cancelled', '已取消'), ('lapsed', '不用再办'), ('recused', '回避')], default='waiting', max_length=10)),
                ('verdict', models.CharField(blank=True, choices=[('approve', '同意'), ('reject', '不同意')], max_length=8)),
                ('seat', models.PositiveSmallIntegerField()),
                ('rank', models.SmallIntegerField(default=0)),
                ('weight', models.PositiveSmallIntegerField(default=1)),
                ('part', models.PositiveSmallIntegerField(default=0)),
                ('added_by_id', models.BigIntegerField(null=True)),
                ('given_at', models.DateTimeField()),
                ('done_at', models.DateTimeField(null=True)),
                ('read_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Copy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sent_at', models.DateTimeField()),
                ('read_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Delegation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('actor_realm', models.CharField(max_length=63)),
                ('actor_id', models.BigIntegerField()),
                ('actor_name', models.CharField(max_length=60)),
                ('subject_kind', models.CharField(blank=True, max_length=40)),
                ('from_at', models.DateTimeField(verbose_name='起')),
                ('until_at', models.DateTimeField(verbose_name='止')),
                ('revoked_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Stage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=80)),
                ('name', models.CharField(max_length=60, verbose_name='步骤')),
                ('run', models.PositiveSmallIntegerField(verbose_name='第几次')),
                ('state', models.CharField(choices=[('active', '办理中'), ('passed', '已通过'), ('refused', '未通过'), ('left', '已离开'), ('void', '已作废')], default='active', max_length=8)),
                ('is_blocked', models.BooleanField(default=False, verbose_name='没有办理人')),
                ('opened_at', models.DateTimeField(verbose_name='到达时间')),
                ('closed_at', models.DateTimeField(null=True, verbose_name='离开时间')),
                ('due_at', models.DateTimeField(null=True, verbose_name='办理期限')),
                ('overdue', models.PositiveSmallIntegerField(default=0, verbose_name='超时次数')),
            ],
        ),
        migrations.CreateModel(
            name='Word',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('actor_realm', models.CharField(max_length=63)),
                ('actor_id', models.BigIntegerField()),
                ('actor_name', models.CharField(max_length=60)),
                ('kind', models.CharField(choices=[('start', '发起'), ('resubmit', '重新提交'), ('approve', '同意'), ('reject', '不同意'), ('skip', '自动通过'), ('return', '退回'), ('take_back', '拿回'), ('withdraw', '撤回'), ('transfer', '转交'), ('hand_over', '移交'), ('delegate', '代理'), ('add', '加签'), ('remove', '减签'), ('claim', '认领'), ('release', '退回认领'), ('copy', '抄送'), ('read', '已阅'), ('comment', '评论'), ('ask', '询问'), ('answer', '答复'), ('remind', '催办'), ('overdue', '超时'), ('suspend', '暂停'), ('wake', '恢复'), ('jump', '跳转'), ('terminate', '终止'), ('move', '转到新流程')], max_length=10)),
                ('speaker_id', models.BigIntegerField()),
                ('to_id', models.BigIntegerField(null=True)),
                ('text', models.CharField(blank=True, max_length=500, verbose_name='理由')),
                ('data', models.JSONField(default=dict)),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.AddField(
            model_name='item',
            name='group_id',
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='item',
            name='reminded_at',
            field=models.DateTimeField(null=True, verbose_name='上次催办'),
        ),
        migrations.AddField(
            model_name='item',
            name='reminders',
            field=models.PositiveSmallIntegerField(default=0, verbose_name='催办次数'),
        ),
        migrations.AddField(
            model_name='item',
            name='routes',
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name='item',
            name='starter_id',
            field=models.BigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='item',
            name='starter_name',
            field=models.CharField(default='系统', max_length=60, verbose_name='发起人'),
        ),
        migrations.AddField(
            model_name='item',
            name='starter_realm',
            field=models.CharField(default='system', max_length=63),
        ),
        migrations.AddField(
            model_name='item',
            name='suspended_at',
            field=models.DateTimeField(null=True, verbose_name='暂停时间'),
        ),
        migrations.AddField(
            model_name='item',
            name='wake_at',
            field=models.DateTimeField(null=True, verbose_name='恢复时间'),
        ),
        migrations.AlterField(
            model_name='item',
            name='state',
            field=models.CharField(choices=[('open', '办理中'), ('returned', '已退回'), ('suspended', '已暂停'), ('approved', '已同意'), ('rejected', '未同意'), ('withdrawn', '已撤回'), ('terminated', '已终止')], default='open', max_length=10),
        ),
        migrations.AddField(
            model_name='activation',
            name='flow',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='activations', to='approvals.flow'),
        ),
        migrations.AddField(
            model_name='assignment',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='copy',
            name='item',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='copies', to='approvals.item'),
        ),
        migrations.AddField(
            model_name='copy',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='delegation',
            name='giver',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='delegation',
            name='receiver',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='stage',
            name='item',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stages', to='approvals.item'),
        ),
        migrations.AddField(
            model_name='assignment',
            name='stage',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assignments', to='approvals.stage'),
        ),
        migrations.AddField(
            model_name='word',
            name='answers',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='answered_by', to='approvals.word'),
        ),
        migrations.AddField(
            model_name='word',
            name='item',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='words', to='approvals.item'),
        ),
        migrations.AddField(
            model_name='word',
            name='stage',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='words', to='approvals.stage'),
        ),
        migrations.RunSQL((FOLDER / "carry_over.sql").read_text(encoding="utf-8")),
        migrations.RemoveField(
            model_name='decision',
            name='item',
        ),
        migrations.RemoveConstraint(
            model_name='item',
            name='approvals_item_open_once',
        ),
        migrations.RemoveField(
            model_name='item',
            name='step',
        ),
        migrations.DeleteModel(
            name='Decision',
        ),
        migrations.AddIndex(
            model_name='item',
            index=models.Index(condition=models.Q(('wake_at', None), _negated=True), fields=['wake_at'], name='approvals_item_wakes'),
        ),
        migrations.AddIndex(
            model_name='item',
            index=models.Index(condition=models.Q(('finished_at', None)), fields=['village_id'], name='approvals_item_under_way'),
        ),
        migrations.AddConstraint(
            model_name='item',
            constraint=models.UniqueConstraint(condition=models.Q(('finished_at', None)), fields=('subject_kind', 'subject_id'), name='approvals_item_open_once'),
        ),
        migrations.AddConstraint(
            model_name='item',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('finished_at', None), ('state__in', ('open', 'returned', 'suspended'))), models.Q(models.Q(('state__in', ('open', 'returned', 'suspended')), _negated=True), models.Q(('finished_at', None), _negated=True)), _connector='OR'), name='approvals_item_finished'),
        ),
        migrations.AddIndex(
            model_name='activation',
            index=models.Index(fields=['subject_kind', '-id'], name='approvals_activation_newest'),
        ),
        migrations.AddConstraint(
            model_name='copy',
            constraint=models.UniqueConstraint(fields=('item', 'user'), name='approvals_copy_once'),
        ),
        migrations.AddConstraint(
            model_name='delegation',
            constraint=models.CheckConstraint(condition=models.Q(('until_at__gt', models.F('from_at'))), name='approvals_delegation_dates'),
        ),
        migrations.AddConstraint(
            model_name='delegation',
            constraint=models.CheckConstraint(condition=models.Q(('giver', models.F('receiver')), _negated=True), name='approvals_delegation_of_other'),
        ),
        migrations.AddIndex(
            model_name='stage',
            index=models.Index(condition=models.Q(('state', 'active')), fields=['due_at'], name='approvals_stage_due'),
        ),
        migrations.AddConstraint(
            model_name='stage',
            constraint=models.UniqueConstraint(fields=('item', 'key', 'run'), name='approvals_stage_run'),
        ),
        migrations.AddConstraint(
            model_name='stage',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'active')), fields=('item', 'key'), name='approvals_stage_once'),
        ),
        migrations.AddConstraint(
            model_name='stage',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at', None), ('state', 'active')), models.Q(models.Q(('state', 'active'), _negated=True), models.Q(('closed_at', None), _negated=True)), _connector='OR'), name='approvals_stage_closed'),
        ),
        migrations.AddIndex(
            model_name='assignment',
            index=models.Index(condition=models.Q(('state__in', ['active', 'claimed'])), fields=['user'], name='approvals_assignment_work'),
        ),
        migrations.AddConstraint(
            model_name='assignment',
            constraint=models.UniqueConstraint(fields=('stage', 'user'), name='approvals_assignment_once'),
        ),
        migrations.AddConstraint(
            model_name='assignment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('done_at__isnull', False), ('state', 'done'), models.Q(('verdict', ''), _negated=True)), models.Q(models.Q(('state', 'done'), _negated=True), ('done_at', None), ('verdict', '')), _connector='OR'), name='approvals_assignment_done'),
        ),
        migrations.AddIndex(
            model_name='word',
            index=models.Index(condition=models.Q(('kind', 'ask')), fields=['to_id'], name='approvals_word_asked'),
        ),
        migrations.RunSQL((FOLDER / "guards.sql").read_text(encoding="utf-8")),
    ]
