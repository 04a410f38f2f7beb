"""Stages, receipts and the direct line of objections; what PostgreSQL holds of them."""

import django.db.models.deletion
from django.db import migrations, models

KNOWN = """
ALTER TABLE reporting_objection DISABLE TRIGGER reporting_objection_final;
UPDATE reporting_objection o SET token = replace(gen_random_uuid()::text, '-', '') || left(replace(gen_random_uuid()::text, '-', ''), 11),
    number = '异议〔' || extract(year FROM o.raised_on) || '〕' || lpad(n.place::text, 4, '0') || '号'
FROM (SELECT id, row_number() OVER (PARTITION BY extract(year FROM raised_on) ORDER BY id) AS place
      FROM reporting_objection) n WHERE n.id = o.id;
ALTER TABLE reporting_objection ENABLE TRIGGER reporting_objection_final;
"""

KEPT = """
CREATE OR REPLACE FUNCTION reporting_objection_final() RETURNS trigger LANGUAGE plpgsql AS $body$
DECLARE
    moving text[] := ARRAY['posting_id', 'level', 'escalated_on', 'overdue_on', 'answer_by', 'state', 'finding',
        'answered_at', 'answered_by_id', 'answered_by_name', 'reversal_id', 'corrected_id'];
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.state = 'raised' AND to_jsonb(NEW) - moving = to_jsonb(OLD) - moving
            AND (OLD.level = 'village' OR NEW.level = 'town') THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'I8: an objection keeps its words and is answered once' USING ERRCODE = 'JF008';
END
$body$;
CREATE FUNCTION reporting_objection_stays() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    RAISE EXCEPTION 'I8: % is never emptied', TG_TABLE_NAME USING ERRCODE = 'JF008';
END
$body$;
CREATE TRIGGER reporting_objection_kept BEFORE TRUNCATE ON reporting_objection
    FOR EACH STATEMENT EXECUTE FUNCTION reporting_objection_stays();
CREATE TRIGGER reporting_objectionfile_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON reporting_objectionfile
    FOR EACH STATEMENT EXECUTE FUNCTION reporting_objection_stays();
CREATE FUNCTION reporting_objection_appealed() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    IF NEW.state <> 'raised' OR (NEW.appeal_of_id IS NOT NULL AND NOT EXISTS (
            SELECT FROM reporting_objection o WHERE o.id = NEW.appeal_of_id AND o.state = 'dismissed'
                AND o.stage = 1 AND o.household_id = NEW.household_id)) THEN
        RAISE EXCEPTION 'I8: only what was dismissed goes to the second stage' USING ERRCODE = 'JF008';
    END IF;
    RETURN NEW;
END
$body$;
CREATE TRIGGER reporting_objection_appealed BEFORE INSERT ON reporting_objection
    FOR EACH ROW EXECUTE FUNCTION reporting_objection_appealed();
DO $pin$ DECLARE one text; BEGIN
    FOREACH one IN ARRAY ARRAY['final', 'stays', 'appealed'] LOOP
        EXECUTE format('ALTER FUNCTION reporting_objection_%s() SET search_path = %I, public, pg_temp', one,
            current_schema());
    END LOOP;
END $pin$;
"""


class Migration(migrations.Migration):
    dependencies = [("reporting", "0002_guards"), ("files", "0001_initial"), ("scoring", "0001_initial")]

    operations = [
        migrations.AddField("objection", "number", models.CharField("回执编号", max_length=40, null=True)),
        migrations.AddField("objection", "token", models.CharField(max_length=43, null=True)),
        migrations.RunSQL(KNOWN, migrations.RunSQL.noop),
        migrations.AlterField("objection", "number", models.CharField("回执编号", max_length=40, unique=True)),
        migrations.AlterField("objection", "token", models.CharField(max_length=43, unique=True)),
        migrations.AddField(
            "objection",
            "declaration",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="scoring.declaration"
            ),
        ),
        migrations.AddField(
            "objection",
            "channel",
            models.CharField(
                "提出方式",
                max_length=10,
                choices=[("online", "网上"), ("in_person", "当面"), ("phone", "电话"), ("paper", "书面")],
                default="online",
            ),
        ),
        migrations.AddField("objection", "stage", models.PositiveSmallIntegerField("第几次", default=1)),
        migrations.AddField(
            "objection",
            "appeal_of",
            models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="appeal",
                to="reporting.objection",
            ),
        ),
        migrations.AddField("objection", "is_direct", models.BooleanField("直接向镇里反映", default=False)),
        migrations.AddField(
            "objection",
            "level",
            models.CharField(
                "由谁核实", max_length=8, choices=[("village", "村"), ("town", "镇")], default="village"
            ),
        ),
        migrations.AddField("objection", "escalated_on", models.DateField("转镇日期", null=True)),
        migrations.AddField("objection", "overdue_on", models.DateField("镇里逾期日期", null=True)),
        migrations.AddField("objection", "answered_by_id", models.BigIntegerField(null=True)),
        migrations.AddField(
            "objection",
            "corrected",
            models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="scoring.declaration"
            ),
        ),
        migrations.RemoveConstraint("objection", "reporting_objection_of"),
        migrations.AddConstraint(
            "objection",
            models.CheckConstraint(
                condition=models.Q(
                    ("notice__isnull", False),
                    ("posting__isnull", False),
                    ("declaration__isnull", False),
                    _connector="OR",
                ),
                name="reporting_objection_of",
            ),
        ),
        migrations.AddConstraint(
            "objection",
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(("appeal_of", None), ("stage", 1)),
                    models.Q(("appeal_of__isnull", False), ("level", "town"), ("stage", 2)),
                    _connector="OR",
                ),
                name="reporting_objection_stage",
            ),
        ),
        migrations.AddConstraint(
            "objection",
            models.CheckConstraint(
                condition=models.Q(("is_direct", False), ("level", "town"), _connector="OR"),
                name="reporting_objection_direct",
            ),
        ),
        migrations.AddConstraint(
            "objection",
            models.UniqueConstraint(
                condition=models.Q(("state", "raised")),
                fields=("household", "declaration"),
                name="reporting_objection_deed_once",
            ),
        ),
        migrations.CreateModel(
            name="ObjectionFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[("proof", "异议人提供"), ("paper", "书面原件"), ("finding", "核实材料")],
                        max_length=8,
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="files.file"
                    ),
                ),
                (
                    "objection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="files", to="reporting.objection"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("objection", "file"), name="reporting_objection_file_once")
                ]
            },
        ),
        migrations.RunSQL(KEPT, migrations.RunSQL.noop),
    ]
