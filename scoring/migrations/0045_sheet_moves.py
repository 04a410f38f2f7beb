"""A sheet may go over to another version of its flow while the committee has it; its time begins anew then."""

from django.db import migrations, models

KEPT = """
CREATE TRIGGER scoring_review_flow_kept BEFORE UPDATE ON scoring_review FOR EACH ROW
  WHEN (OLD.flow_id IS DISTINCT FROM NEW.flow_id AND OLD.state NOT IN ('open', 'returned'))
  EXECUTE FUNCTION scoring_refuse('I5: a decided sheet keeps the version of its flow')
"""


class Migration(migrations.Migration):
    dependencies = [("scoring", "0044_carries")]

    operations = [
        migrations.AddField("review", "limit_from", models.DateTimeField("期限起算", null=True)),
        migrations.RunSQL(KEPT, "DROP TRIGGER scoring_review_flow_kept ON scoring_review"),
    ]
