"""星级降级 holds until the day that its rule says, as bars do; what was kept of it before had its first day alone."""

from django.db import migrations

LAST = """
ALTER TABLE scoring_effect DISABLE TRIGGER USER;
UPDATE scoring_effect e SET until_repair = said.until = 'repair', last = CASE said.until
        WHEN 'year_end' THEN make_date(extract(year FROM e.first)::int, 12, 31)
        WHEN 'next_year_end' THEN make_date(extract(year FROM e.first)::int + 1, 12, 31)
        WHEN 'months' THEN (e.first + make_interval(months => said.months))::date
        WHEN 'date' THEN greatest(said.day, e.first) END
FROM (
    SELECT p.id AS posting_id, one.place - 1 AS position, one.spec ->> 'until' AS until,
        (one.spec ->> 'months')::int AS months, (one.spec ->> 'day')::date AS day
    FROM scoring_posting p
    JOIN scoring_declaration d ON d.id = p.declaration_id
    JOIN scoring_rule r ON r.id = d.rule_id
    CROSS JOIN LATERAL jsonb_array_elements(scoring_consequences(r.spec)) WITH ORDINALITY AS one (spec, place)) said
WHERE said.posting_id = e.posting_id AND said.position = e.position AND e.kind = 'downgrade_star';
ALTER TABLE scoring_effect ENABLE TRIGGER USER;
"""


class Migration(migrations.Migration):
    dependencies = [("scoring", "0033_declaration_changes")]

    operations = [migrations.RunSQL(LAST, migrations.RunSQL.noop)]
