-- I12: what is used of a cap is kept under the cap's own key instead of its place in the list, so that it goes on when a
-- new version puts another cap before it. Keys as in scoring.rules.spec_limits.keyed.
ALTER TABLE scoring_rulelimit DISABLE TRIGGER scoring_limit_kept;
UPDATE scoring_rulelimit l SET key = named.shape || CASE WHEN named.n > 1 THEN '#' || named.n ELSE '' END
  FROM (
    SELECT id, shape, row_number() OVER (PARTITION BY rule_id, shape ORDER BY position) AS n FROM (
      SELECT l.id, l.rule_id, l.position, concat_ws('/', l.kind, l.period, l.scope,
          CASE WHEN l.position >= own.implied THEN r.spec -> 'limits' -> (l.position - own.implied) ->> 'by' END) AS shape
        FROM scoring_rulelimit l
        JOIN scoring_rule r ON r.id = l.rule_id
        CROSS JOIN LATERAL (SELECT count(*)::int - coalesce(jsonb_array_length(r.spec -> 'limits'), 0) AS implied
          FROM scoring_rulelimit o WHERE o.rule_id = r.id) own) told) named
 WHERE named.id = l.id;
ALTER TABLE scoring_rulelimit ENABLE TRIGGER scoring_limit_kept;

DO $caps$
BEGIN
  IF NOT EXISTS (SELECT FROM scoring_capuse) THEN
    RETURN;
  END IF;
  CREATE TEMPORARY TABLE keyed ON COMMIT DROP AS
    WITH version AS (
      SELECT v.id, v.number, v.head, coalesce(tv.rulebook_id, v.rulebook_id) AS rulebook_id
        FROM scoring_rulebookversion v LEFT JOIN scoring_rulebookversion tv ON tv.id = v.town_version_id
       WHERE v.state NOT IN ('draft', 'submitted')),
    shared AS (
      SELECT v.id, v.number, v.rulebook_id, '@' || (c.said ->> 'name') AS rule_code, l.said, l.n - 1 AS position
        FROM version v
        CROSS JOIN LATERAL jsonb_array_elements(coalesce(v.head -> 'categories', '[]')) AS c (said)
        CROSS JOIN LATERAL jsonb_array_elements(coalesce(c.said -> 'limits', '[]')) WITH ORDINALITY AS l (said, n)
      UNION ALL
      SELECT v.id, v.number, v.rulebook_id, '*', l.said, l.n - 1
        FROM version v
        CROSS JOIN LATERAL jsonb_array_elements(coalesce(v.head #> '{settings,limits}', '[]'))
          WITH ORDINALITY AS l (said, n)),
    shaped AS (
      SELECT id, number, rulebook_id, rule_code, position, concat_ws('/', said ->> 'kind', said ->> 'period',
          coalesce(said ->> 'scope', 'household'), said ->> 'by', coalesce(said ->> 'sign', 'positive'),
          said -> 'rules' ->> 0) AS shape
        FROM shared),
    told AS (
      SELECT number, rulebook_id, rule_code, position,
          shape || CASE WHEN n > 1 THEN '#' || n ELSE '' END AS key
        FROM (SELECT *, row_number() OVER (PARTITION BY id, rule_code, shape ORDER BY position) AS n FROM shaped) s
      UNION ALL
      SELECT v.number, v.rulebook_id, r.code, l.position, l.key
        FROM version v JOIN scoring_rule r ON r.version_id = v.id JOIN scoring_rulelimit l ON l.rule_id = r.id)
    SELECT DISTINCT ON (rulebook_id, rule_code, position) rulebook_id, rule_code, position, key
      FROM told ORDER BY rulebook_id, rule_code, position, number DESC;
  UPDATE scoring_capuse u SET limit_key = coalesce((
    SELECT k.key FROM keyed k
     WHERE (k.rulebook_id, k.rule_code, k.position) = (u.rulebook_id, u.rule_code, u.limit_position)
       AND NOT EXISTS (SELECT FROM keyed other WHERE (other.rulebook_id, other.rule_code, other.key)
         = (k.rulebook_id, k.rule_code, k.key) AND other.position < k.position)), 'place/' || u.limit_position);
END $caps$;
