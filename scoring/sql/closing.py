"""The dry run of a year's close; of a sealed year, what was sealed. Points that outlive the year are not lost."""

from scoring.sql.carried import OWED
from scoring.sql.lapses import AT_STAKE
from scoring.sql.years import RANKED

AT_STAKE_NOW = f"""
    SELECT household_id, ended, CASE WHEN %(seal)s::bigint IS NULL THEN kept ELSE kept_before END AS kept,
        CASE WHEN %(seal)s::bigint IS NULL THEN points ELSE ended END AS points
    FROM ({AT_STAKE}) s
"""
"""What the next close would do; of a sealed year, what its closes have done."""

_DEBTS = f"""
    SELECT household_id, coalesce(-sum(amount) FILTER (WHERE is_now AND measure = 'merit'), 0.00) AS merit,
        coalesce(-sum(amount) FILTER (WHERE is_now AND measure = 'redeemable'), 0.00) AS redeemable,
        coalesce(-sum(amount) FILTER (WHERE NOT is_now AND measure = 'merit'), 0.00) AS merit_before,
        coalesce(-sum(amount) FILTER (WHERE NOT is_now AND measure = 'redeemable'), 0.00) AS redeemable_before
    FROM (
        SELECT household_id, measure, amount, true AS is_now FROM ({OWED}) due WHERE %(seal)s::bigint IS NULL
        UNION ALL
        SELECT e.household_id, e.measure, e.amount, %(seal)s::bigint IS NOT NULL
        FROM scoring_posting p JOIN scoring_entry e ON e.posting_id = p.id
        WHERE p.carries_id = %(year)s AND p.carry = 'debt') d
    GROUP BY household_id
"""
"""What the next year begins with of each household's debts once the year is closed; of a sealed one, what it got.
``…_before``: what the closes until now have carried, of a year that is open again."""

VILLAGES = f"""
WITH placed AS (
    SELECT h.village_id, count(*) AS households FROM (
        SELECT t.household_id FROM scoring_yearstanding t WHERE t.seal_id = %(seal)s
        UNION ALL SELECT r.household_id FROM ({RANKED}) r WHERE %(seal)s::bigint IS NULL) one
    JOIN community_household h ON h.id = one.household_id
    GROUP BY 1
),
written AS (
    SELECT h.village_id, sum(e.entries) AS entries, sum(e.merit) AS merit
    FROM (SELECT household_id, count(*) AS entries, sum(amount) FILTER (WHERE measure = 'merit') AS merit
        FROM scoring_entry WHERE year_id = %(year)s GROUP BY household_id) e
    JOIN community_household h ON h.id = e.household_id
    GROUP BY 1
),
expiring AS (
    SELECT h.village_id, sum(greatest(s.points, 0.00)) AS points, count(*) FILTER (WHERE s.points > 0) AS losers,
        sum(s.kept) AS kept, sum(s.ended) AS ended, count(*) FILTER (WHERE s.ended > 0) AS ended_of,
        sum(greatest(-s.points, 0.00)) AS given_back, count(*) FILTER (WHERE s.points < 0) AS given_to
    FROM ({AT_STAKE_NOW}) s
    JOIN community_household h ON h.id = s.household_id
    GROUP BY 1
),
owing AS (
    SELECT h.village_id, count(*) FILTER (WHERE d.merit > 0 OR d.redeemable > 0) AS debtors, sum(d.merit) AS merit,
        sum(d.redeemable) AS redeemable,
        count(*) FILTER (WHERE d.merit_before > 0 OR d.redeemable_before > 0) AS debtors_before,
        sum(d.merit_before) AS merit_before, sum(d.redeemable_before) AS redeemable_before
    FROM ({_DEBTS}) d
    JOIN community_household h ON h.id = d.household_id
    GROUP BY 1
)
SELECT v.id, v.name, coalesce(placed.households, 0), coalesce(written.entries, 0)::bigint, coalesce(written.merit, 0),
    coalesce(expiring.points, 0.00), coalesce(expiring.losers, 0), coalesce(expiring.kept, 0.00),
    coalesce(expiring.ended, 0.00), coalesce(expiring.ended_of, 0),
    coalesce(expiring.given_back, 0.00), coalesce(expiring.given_to, 0),
    coalesce(owing.debtors, 0), coalesce(owing.merit, 0.00), coalesce(owing.redeemable, 0.00),
    coalesce(owing.debtors_before, 0), coalesce(owing.merit_before, 0.00), coalesce(owing.redeemable_before, 0.00)
FROM community_village v
LEFT JOIN placed ON placed.village_id = v.id
LEFT JOIN written ON written.village_id = v.id
LEFT JOIN expiring ON expiring.village_id = v.id
LEFT JOIN owing ON owing.village_id = v.id
ORDER BY v.code
"""

LOSERS = f"""
SELECT v.name, h.number, coalesce(r.name, ''), coalesce(m.merit, 0), greatest(s.points, 0.00), s.ended,
    greatest(-s.points, 0.00)
FROM ({AT_STAKE_NOW}) s
JOIN community_household h ON h.id = s.household_id
JOIN community_village v ON v.id = h.village_id
LEFT JOIN community_resident r ON r.id = h.head_id
LEFT JOIN LATERAL (SELECT sum(e.amount) AS merit FROM scoring_entry e
    WHERE e.household_id = h.id AND e.year_id = %(year)s AND e.measure = 'merit') m ON true
WHERE (s.points > 0 OR %(every)s AND (s.points < 0 OR s.ended > 0))
    AND (%(villages)s::bigint[] IS NULL OR h.village_id = ANY(%(villages)s))
ORDER BY s.points DESC, s.ended DESC, h.number
LIMIT %(limit)s
"""

DEBTORS = f"""
SELECT v.name, h.number, coalesce(r.name, ''), d.merit, d.redeemable, d.merit_before, d.redeemable_before
FROM ({_DEBTS}) d
JOIN community_household h ON h.id = d.household_id
JOIN community_village v ON v.id = h.village_id
LEFT JOIN community_resident r ON r.id = h.head_id
WHERE d.merit > 0 OR d.redeemable > 0 OR d.merit_before > 0 OR d.redeemable_before > 0
ORDER BY d.redeemable DESC, d.merit DESC, h.number
LIMIT %(limit)s
"""

EXPIRED = """
SELECT coalesce(sum(lost), 0), count(*) FILTER (WHERE lost > 0) FROM (
    SELECT account_id, -sum(amount) AS lost FROM (
        SELECT account_id, amount FROM scoring_entry WHERE year_id = %(year)s AND cause = 'expiry'
        UNION ALL SELECT e.account_id, e.amount FROM scoring_posting p JOIN scoring_entry e ON e.posting_id = p.id
            WHERE p.carries_id = %(year)s AND p.carry = 'kept') e
    GROUP BY account_id) ended
"""
"""What ended with a year, less what outlived it (``scoring.sql.lapses.KEEP``)."""

LATE = """
SELECT count(*) FROM scoring_declaration d
WHERE d.happened_on >= make_date(%(number)s, 1, 1) AND d.happened_on < make_date(%(number)s + 1, 1, 1)
    AND d.state NOT IN ('posted', 'rejected', 'withdrawn')
    AND NOT EXISTS (SELECT FROM scoring_reviewitem i JOIN scoring_review s ON s.id = i.review_id
        WHERE i.declaration_id = d.id AND s.year_id = %(year)s)
"""
"""Deeds of the year that no sheet of the year holds: they will be reviewed and posted in the next."""

FINGERPRINT = """
SELECT scoring_seal_hash('close', y.id, (SELECT count(*)::int FROM scoring_entry e WHERE e.year_id = y.id),
    (SELECT s.hash FROM scoring_yearseal s WHERE s.year_id = y.id ORDER BY s.id DESC LIMIT 1))
FROM scoring_year y WHERE y.id = %s
"""
