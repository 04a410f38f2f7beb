from django.db import migrations

WATCHES = """
INSERT INTO clocks_due (town, kind, period, due_at, state, attempts, problem)
SELECT town, kind, step.name || substring(period FROM position('/' IN period)), due_at, 'waiting', 0, ''
FROM clocks_due d JOIN (VALUES ('review/', 'record'), ('notice/', 'redemption')) step (beside, name)
    ON d.period LIKE step.beside || '%'
WHERE kind = 'calendar.watch' AND state = 'waiting' AND position('#' IN period) = 0
UNION ALL
SELECT town, kind, 'year/' || substring(period FROM 8 FOR 4), due_at, 'waiting', 0, ''
FROM clocks_due
WHERE kind = 'calendar.watch' AND state = 'waiting' AND period LIKE 'filing/%-12'
ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):
    """Towns that are in the middle of a year are watched for the record, the redemption and the year too."""

    dependencies = [("clocks", "0003_holidays")]

    operations = [migrations.RunSQL(WATCHES, migrations.RunSQL.noop)]
