"""What a year's end carries says of which year it is; before, its document and its reason alone did."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

BACKFILL = """
ALTER TABLE scoring_posting DISABLE TRIGGER scoring_posting_changed;
UPDATE scoring_posting p SET carries_id = y.id, carry = CASE
    WHEN p.reason = y.number || '年度结转' THEN 'rest' WHEN p.reason = y.number || '年度欠分结转' THEN 'debt' ELSE 'kept' END
FROM scoring_year y
WHERE p.cause = 'opening' AND p.document = y.number || '年度封账'
    AND p.reason ~ ('^' || y.number || '年度(结转|欠分结转|结转（.*）)$');
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE scoring_posting ENABLE TRIGGER scoring_posting_changed;
"""
CARRIED = models.Index(fields=["carries"], condition=Q(carries__isnull=False), name="scoring_posting_carried")
CARRIES = Q(carries=None, carry="") | Q(carries__isnull=False, cause="opening") & ~Q(carry="")


class Migration(migrations.Migration):
    dependencies = [("scoring", "0043_feed_keys")]

    operations = [
        migrations.AddField(
            "posting",
            "carries",
            models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="carried",
                to="scoring.year",
            ),
        ),
        migrations.AddField(
            "posting",
            "carry",
            models.CharField(
                blank=True,
                choices=[("rest", "结转"), ("kept", "保留"), ("debt", "欠分结转")],
                db_default="",
                default="",
                max_length=4,
            ),
        ),
        migrations.RunSQL(BACKFILL, migrations.RunSQL.noop),
        migrations.AddIndex("posting", CARRIED),
        migrations.AddConstraint("posting", models.CheckConstraint(condition=CARRIES, name="scoring_posting_carries")),
    ]
