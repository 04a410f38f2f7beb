"""当月积分清零; and an effect may begin with the year after its deed."""

from django.db import migrations, models

KINDS = [
    ("zero_year", "当年积分清零"), ("zero_month", "当月积分清零"), ("zero_balance", "可兑换积分清零"),
    ("bar_honours", "取消评优资格"), ("bar_redemption", "暂停兑换"), ("freeze_positive", "暂停加分"),
    ("downgrade_star", "星级降级"), ("leave_programme", "退出积分制"),
]  # fmt: skip

BROUGHT = """
-- I5: an effect is one that the rule of its posted deed names, of that deed's household, from that deed's day or the
-- next year's first.
CREATE OR REPLACE FUNCTION scoring_effect_brought() RETURNS trigger LANGUAGE plpgsql AS $fn$
BEGIN
  IF NOT EXISTS (SELECT FROM scoring_posting p
      JOIN scoring_declaration d ON d.id = p.declaration_id
      JOIN scoring_rule r ON r.id = d.rule_id
      WHERE p.id = NEW.posting_id AND p.cause = 'declaration' AND d.household_id = NEW.household_id
        AND NEW.first = CASE WHEN scoring_consequences(r.spec) -> NEW.position::int ->> 'until' = 'next_year'
          THEN make_date(extract(year FROM d.happened_on)::int + 1, 1, 1) ELSE d.happened_on END
        AND scoring_consequences(r.spec) -> NEW.position::int ->> 'kind' = NEW.kind) THEN
    RAISE EXCEPTION 'I5: an effect is what its deed''s rule says' USING ERRCODE = 'JF005';
  END IF;
  RETURN NEW;
END $fn$;
DO $pin$
BEGIN
  EXECUTE format('ALTER FUNCTION scoring_effect_brought() SET search_path = %I, public, pg_temp', current_schema());
END $pin$;
"""


class Migration(migrations.Migration):
    dependencies = [("scoring", "0039_dividends")]

    operations = [
        migrations.AlterField("effect", "kind", models.CharField("后果", max_length=16, choices=KINDS)),
        migrations.RunSQL(BROUGHT, migrations.RunSQL.noop),
    ]
