"""What a household has, where its rulebook bounds it, or counts only above the base."""

LOCK = """
SELECT count(*) FROM (
    SELECT b.id FROM scoring_balance b
    JOIN scoring_account a ON a.id = b.account_id
    JOIN scoring_year y ON y.id = b.year_id
    WHERE a.household_id = ANY(%(households)s) AND y.number = ANY(%(years)s) ORDER BY b.id FOR UPDATE OF b) held
"""

STANDING = """
SELECT e.household_id, y.number, e.measure, sum(e.amount) FROM scoring_entry e JOIN scoring_year y ON y.id = e.year_id
WHERE e.household_id = ANY(%(households)s) AND y.number = ANY(%(years)s) AND e.concerns_year IS NULL
GROUP BY e.household_id, y.number, e.measure
"""
"""A household's own entries and its people's (I9)."""

BASE = """
SELECT coalesce(sum(e.amount), 0) FROM scoring_entry e
JOIN scoring_year y ON y.id = e.year_id
LEFT JOIN scoring_entry o ON o.id = e.reverses_id
WHERE e.household_id = %(household)s AND y.number = %(year)s AND e.measure = 'redeemable'
    AND coalesce(o.cause, e.cause) = 'base_grant'
"""

_HELD = "v.state IN ('in_force', 'superseded', 'withdrawn')"
_SETTINGS = f"""
    SELECT w.id AS village_id, (
        SELECT v.head -> 'settings' FROM scoring_rulebookversion v JOIN scoring_rulebook b ON b.id = v.rulebook_id
        WHERE (b.village_id = w.id OR b.village_id IS NULL) AND {_HELD}
            AND v.effective_from <= {{day}} AND (v.effective_to IS NULL OR v.effective_to > {{day}})
        ORDER BY b.village_id NULLS LAST LIMIT 1) AS settings
    FROM community_village w
"""
SETTINGS = _SETTINGS.format(day="%(day)s")
"""What each village's rules said of balances on a day."""

BASES = f"""
SELECT village_id, settings::text FROM ({SETTINGS}) s WHERE settings @? '$.base[*]' ORDER BY village_id
"""
"""Villages whose rules grant base points, with what else they say."""

BASE_TURNS = f"""
WITH turn AS (
    SELECT v.effective_from AS day FROM scoring_rulebookversion v WHERE {_HELD}
    UNION SELECT v.effective_to FROM scoring_rulebookversion v WHERE {_HELD}
    UNION SELECT %(first)s::date
)
SELECT s.village_id, turn.day, ARRAY(SELECT one ->> 'when' FROM jsonb_array_elements(s.settings -> 'base') AS one)
FROM turn CROSS JOIN LATERAL ({_SETTINGS.format(day="turn.day")}) s
WHERE turn.day BETWEEN %(first)s AND %(day)s
ORDER BY s.village_id, turn.day DESC
"""
"""(village, day, when each of its base points is granted): on the first day, and on each up to ``day`` on which some
rulebook begins or ends; the latest day first."""

ABOVE_BASE = f"""
SELECT village_id FROM ({SETTINGS}) s WHERE (settings ->> 'redeem_above_base')::boolean ORDER BY village_id
"""
"""Villages where only what is above the base points can be exchanged."""
