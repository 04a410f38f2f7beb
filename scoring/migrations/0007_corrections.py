"""更正后的记账: a posting that stands in the place of a reversed one, by the decision that its document names."""

import django.db.models.deletion
from django.db import migrations, models

REVERSED = """
CREATE FUNCTION scoring_posting_corrects() RETURNS trigger LANGUAGE plpgsql AS $fn$
BEGIN
  IF NOT EXISTS (SELECT FROM scoring_posting p WHERE p.id = NEW.corrects_id AND p.reversed_at IS NOT NULL) THEN
    RAISE EXCEPTION 'I10: only a reversed posting has another in its place' USING ERRCODE = 'JF010';
  END IF;
  RETURN NEW;
END $fn$;
CREATE TRIGGER scoring_posting_corrects BEFORE INSERT ON scoring_posting FOR EACH ROW
  WHEN (NEW.corrects_id IS NOT NULL) EXECUTE FUNCTION scoring_posting_corrects();
DO $pin$ BEGIN
  EXECUTE format('ALTER FUNCTION scoring_posting_corrects() SET search_path = %I, public, pg_temp', current_schema());
END $pin$;
"""


class Migration(migrations.Migration):
    dependencies = [("scoring", "0006_close")]

    operations = [
        migrations.AddField(
            "posting",
            "corrects",
            models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="corrected_by",
                to="scoring.posting",
            ),
        ),
        migrations.RemoveConstraint("posting", "scoring_posting_decided"),
        migrations.AddConstraint(
            "posting",
            models.CheckConstraint(
                condition=models.Q(
                    models.Q(("cause", "declaration"), _negated=True),
                    models.Q(("declaration__isnull", False), ("review_item__isnull", False)),
                    models.Q(
                        ("corrects__isnull", False),
                        ("declaration__isnull", False),
                        models.Q(("document", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="scoring_posting_decided",
            ),
        ),
        migrations.RunSQL(REVERSED, "DROP FUNCTION scoring_posting_corrects() CASCADE"),
    ]
