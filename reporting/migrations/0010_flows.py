"""Drafts of notices and opinions on objections, for towns that decide both in a flow; what PostgreSQL holds of them."""

import django.db.models.deletion
from django.db import migrations, models


KEPT = """
CREATE FUNCTION reporting_draft_frozen() RETURNS trigger LANGUAGE plpgsql AS $body$
DECLARE
    moving text[] := ARRAY['state', 'remark', 'ended_at', 'notice_id'];
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF OLD.state = 'waiting' AND to_jsonb(NEW) - moving = to_jsonb(OLD) - moving THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'I8: a draft that was sent is not changed, and ends once' USING ERRCODE = 'JF008';
END
$body$;
CREATE TRIGGER reporting_draft_frozen BEFORE UPDATE OR DELETE ON reporting_noticedraft
    FOR EACH ROW EXECUTE FUNCTION reporting_draft_frozen();
CREATE TRIGGER reporting_draft_kept BEFORE TRUNCATE ON reporting_noticedraft
    FOR EACH STATEMENT EXECUTE FUNCTION reporting_draft_frozen();
CREATE TRIGGER reporting_opinion_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON reporting_objectionopinion
    FOR EACH STATEMENT EXECUTE FUNCTION reporting_objection_stays();
DO $pin$ BEGIN
    EXECUTE format('ALTER FUNCTION reporting_draft_frozen() SET search_path = %I, public, pg_temp', current_schema());
END $pin$;
"""
UNDO = """
DROP TRIGGER reporting_opinion_kept ON reporting_objectionopinion;
DROP FUNCTION reporting_draft_frozen() CASCADE;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('community', '0002_posts'),
        ('reporting', '0003_stages'),
        ('scoring', '0007_corrections'),
    ]

    operations = [
        migrations.CreateModel(
            name='NoticeDraft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('actor_realm', models.CharField(max_length=63)),
                ('actor_id', models.BigIntegerField()),
                ('actor_name', models.CharField(max_length=60)),
                ('kind', models.CharField(choices=[('village_quarter', '村季度公示'), ('town_quarter', '镇季度公示'), ('difference', '更正公示')], max_length=16)),
                ('year', models.PositiveSmallIntegerField(verbose_name='年度')),
                ('quarter', models.PositiveSmallIntegerField(verbose_name='季度')),
                ('attempt', models.PositiveSmallIntegerField(verbose_name='第几稿')),
                ('title', models.CharField(max_length=120, verbose_name='标题')),
                ('snapshot', models.JSONField()),
                ('sha256', models.CharField(max_length=64)),
                ('due_on', models.DateField(verbose_name='公示日')),
                ('made_at', models.DateTimeField(verbose_name='生成时间')),
                ('state', models.CharField(choices=[('waiting', '送审中'), ('published', '已公示'), ('refused', '待修改'), ('overtaken', '账目有变动，已重新生成'), ('withdrawn', '已撤回')], default='waiting', max_length=10, verbose_name='状态')),
                ('remark', models.CharField(blank=True, max_length=500, verbose_name='要改什么')),
                ('ended_at', models.DateTimeField(null=True)),
                ('notice', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='draft', to='reporting.notice')),
                ('village', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='community.village')),
            ],
            options={
                'ordering': ['-id'],
                'constraints': [models.UniqueConstraint(fields=('kind', 'village', 'year', 'quarter', 'attempt'), name='reporting_draft_attempt', nulls_distinct=False), models.UniqueConstraint(condition=models.Q(('state', 'waiting')), fields=('kind', 'village', 'year', 'quarter'), name='reporting_draft_waits_once', nulls_distinct=False), models.CheckConstraint(condition=models.Q(models.Q(('notice__isnull', False), ('state', 'published')), models.Q(models.Q(('state', 'published'), _negated=True), ('notice', None)), _connector='OR'), name='reporting_draft_published'), models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('state', 'waiting')), models.Q(models.Q(('state', 'waiting'), _negated=True), ('ended_at__isnull', False)), _connector='OR'), name='reporting_draft_ended'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'refused'), _negated=True), models.Q(('remark', ''), _negated=True), _connector='OR'), name='reporting_draft_why'), models.CheckConstraint(condition=models.Q(('kind', 'difference'), _negated=True), name='reporting_draft_kind')],
            },
        ),
        migrations.CreateModel(
            name='ObjectionOpinion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('actor_realm', models.CharField(max_length=63)),
                ('actor_id', models.BigIntegerField()),
                ('actor_name', models.CharField(max_length=60)),
                ('upheld', models.BooleanField(verbose_name='异议成立')),
                ('finding', models.CharField(max_length=500, verbose_name='调查结果')),
                ('facts', models.JSONField(default=dict, verbose_name='应当怎样登记')),
                ('given_at', models.DateTimeField()),
                ('household', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='community.household')),
                ('objection', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='opinions', to='reporting.objection')),
                ('posting', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='scoring.posting')),
                ('resident', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='community.resident')),
            ],
            options={
                'ordering': ['id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('finding', ''), _negated=True), name='reporting_opinion_finding'), models.CheckConstraint(condition=models.Q(('upheld', True), ('household', None), _connector='OR'), name='reporting_opinion_correction')],
            },
        ),
        migrations.RunSQL(KEPT, UNDO),
    ]
