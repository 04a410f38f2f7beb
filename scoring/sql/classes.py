"""What a point of each named class counts in the ranking."""

from scoring.sql.bounds import SETTINGS

WEIGHTS = f"""
    SELECT s.village_id, c ->> 'code' AS code, CASE WHEN c ->> 'counts_for' = 'redeem' THEN 0
        ELSE coalesce((c ->> 'weight')::numeric, 1) END AS weight
    FROM ({SETTINGS}) s CROSS JOIN LATERAL jsonb_array_elements(s.settings -> 'classes') AS c
"""
"""Of every village's rulebook on a day; as ``scoring.rules.classes`` weighs them for rank."""
