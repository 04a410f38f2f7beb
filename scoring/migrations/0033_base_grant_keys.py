"""基础分: what a rulebook granted to whom has a key of its own, which the database holds."""

import django.db.models.deletion
from django.db import migrations, models


BACKFILL = """
ALTER TABLE scoring_posting DISABLE TRIGGER scoring_posting_changed;
UPDATE scoring_posting p SET granted_to_id = told.household_id, granted_for = told.key
FROM (
    SELECT p.id, e.household_id, CASE
        WHEN p.reason LIKE '%月基础分' THEN 'month:' || to_char(to_date(p.reason, 'YYYY"年"MM"月"'), 'YYYY-MM') || '-01:'
        WHEN p.reason LIKE '%季度基础分' THEN 'quarter:' || left(p.reason, 4) || '-'
            || lpad((3 * substring(p.reason FROM '第(\\d)季度')::int - 2)::text, 2, '0') || '-01:'
        WHEN p.reason LIKE '%年度基础分' THEN 'year:' || left(p.reason, 4) || '-01-01:'
        ELSE 'joining:' || left(p.reason, 4) || '-01-01:' END
        || row_number() OVER (PARTITION BY e.household_id, p.reason ORDER BY p.id) - 1 AS key
    FROM scoring_posting p
    JOIN (SELECT DISTINCT posting_id, household_id FROM scoring_entry WHERE cause = 'base_grant') e ON e.posting_id = p.id
    WHERE p.explanation LIKE '基础分（%' AND p.granted_to_id IS NULL
        AND p.reason ~ '^\\d{4}年(\\d{1,2}月|第\\d季度|度|参加时)基础分$') told
WHERE p.id = told.id;
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE scoring_posting ENABLE TRIGGER scoring_posting_changed;
"""
"""What was granted before had the period in its reason alone."""


class Migration(migrations.Migration):
    dependencies = [
        ("community", "0010_roster_changes"),
        ("scoring", "0032_lapses"),
    ]

    operations = [
        migrations.AddField(
            model_name="posting",
            name="granted_for",
            field=models.CharField(blank=True, db_default="", default="", max_length=40),
        ),
        migrations.AddField(
            model_name="posting",
            name="granted_to",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="base_grants",
                to="community.household",
            ),
        ),
        migrations.RunSQL(BACKFILL, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name="posting",
            constraint=models.UniqueConstraint(
                condition=models.Q(("granted_to__isnull", False)),
                fields=("granted_to", "granted_for"),
                name="scoring_granted_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="posting",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("granted_for", ""), ("granted_to", None)),
                    models.Q(
                        ("cause", "base_grant"),
                        ("granted_to__isnull", False),
                        models.Q(("granted_for", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="scoring_posting_grants",
            ),
        ),
    ]
