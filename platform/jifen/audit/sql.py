"""The statements that seal the audit trail and recompute its seals (PostgreSQL alone)."""

ROW_TEXT = """jsonb_build_array(
        r.id, r.actor_realm, r.actor_id, r.actor_name, (extract(epoch from r.at) * 1000000)::bigint,
        (extract(epoch from r.business_at) * 1000000)::bigint, r.action, r.subject_kind, r.subject_id, r.village_id,
        r.data)::text"""
"""Every column of a row, in an order and form that depend on no session setting."""

HASH = f"""encode(sha256(convert_to(
        coalesce(%(previous)s, '')
            || string_agg(encode(sha256(convert_to({ROW_TEXT}, 'UTF8')), 'hex'), '' ORDER BY r.id),
        'UTF8')), 'hex')"""

SEAL = f"""
WITH last AS (SELECT id, hash FROM audit_auditseal ORDER BY id DESC LIMIT 1),
taken AS (
    SELECT r.* FROM audit_auditrow r
    WHERE NOT EXISTS (SELECT 1 FROM audit_auditsealed s WHERE s.row_id = r.id)
        AND (%(rows)s::bigint[] IS NULL OR r.id = ANY(%(rows)s))
    ORDER BY r.id LIMIT %(limit)s
),
made AS (
    INSERT INTO audit_auditseal (sealed_at, row_ids, hash, previous_id)
    SELECT %(now)s, array_agg(r.id ORDER BY r.id), {HASH.replace("%(previous)s", "(SELECT hash FROM last)")},
        (SELECT id FROM last)
    FROM taken r HAVING count(*) > 0
    RETURNING id, row_ids
),
marked AS (
    INSERT INTO audit_auditsealed (row_id, seal_id) SELECT unnest(row_ids), id FROM made RETURNING 1
)
SELECT count(*) FROM marked
"""

BROKEN = f"""
WITH chain AS (
    SELECT id, hash, row_ids, previous_id, lag(id) OVER w AS before_id, lag(hash) OVER w AS before_hash
    FROM audit_auditseal WINDOW w AS (ORDER BY id)
),
again AS (
    SELECT c.id, {HASH.replace("%(previous)s", "max(c.before_hash)")} AS hash, array_agg(r.id ORDER BY r.id) AS row_ids
    FROM chain c JOIN audit_auditsealed s ON s.seal_id = c.id JOIN audit_auditrow r ON r.id = s.row_id GROUP BY c.id
)
SELECT c.id FROM chain c LEFT JOIN again a ON a.id = c.id
WHERE a.hash IS DISTINCT FROM c.hash OR a.row_ids IS DISTINCT FROM c.row_ids
    OR c.previous_id IS DISTINCT FROM c.before_id
ORDER BY c.id
"""
"""Seals that cannot be recomputed from their rows and the seal before."""

UNSEALED = """
SELECT count(*) FROM audit_auditrow r
WHERE r.at < %(before)s AND NOT EXISTS (SELECT 1 FROM audit_auditsealed s WHERE s.row_id = r.id)
"""
