-- I12: all use of caps is counted once more, under their keys. Can be run again.
DO $caps$
BEGIN
  IF NOT EXISTS (SELECT FROM scoring_capuse) THEN
    RETURN;
  END IF;
  CREATE TEMPORARY TABLE counted ON COMMIT DROP AS
    SELECT coalesce(tv.rulebook_id, v.rulebook_id) AS rulebook_id, r.code AS rule_code, l.key AS limit_key,
        CASE WHEN l.scope = 'resident' AND d.resident_id IS NULL THEN 'household' ELSE l.scope END AS scope_kind,
        CASE l.scope WHEN 'village' THEN d.village_id
            WHEN 'resident' THEN coalesce(d.resident_id, d.household_id) ELSE d.household_id END AS scope_id,
        scoring_period_start(l.period, d.happened_on) AS period_start, ''::varchar AS by_value,
        sum(CASE l.kind WHEN 'count' THEN 1 ELSE abs(e.amount) END) AS used
      FROM scoring_posting p
      JOIN scoring_declaration d ON d.id = p.declaration_id
      JOIN scoring_entry e ON e.posting_id = p.id AND e.measure = 'merit'
      JOIN scoring_rule r ON r.id = d.rule_id
      JOIN scoring_rulebookversion v ON v.id = r.version_id
      LEFT JOIN scoring_rulebookversion tv ON tv.id = v.town_version_id
      JOIN scoring_rulelimit l ON l.rule_id = r.id
     WHERE p.cause = 'declaration' AND p.reversed_at IS NULL
       AND NOT EXISTS (SELECT FROM scoring_reckoning k WHERE k.posting_id = p.id)
     GROUP BY 1, 2, 3, 4, 5, 6
    UNION ALL
    SELECT u.rulebook_id, u.rule_code, u.limit_key, u.scope_kind, u.scope_id, u.period_start, u.by_value, t.part
      FROM scoring_captake t
      JOIN scoring_posting p ON p.id = t.posting_id AND p.reversed_at IS NULL
      JOIN scoring_capuse u ON u.id = t.cap_id;
  INSERT INTO scoring_capuse (rulebook_id, rule_code, limit_key, scope_kind, scope_id, period_start, by_value, used)
    SELECT DISTINCT rulebook_id, rule_code, limit_key, scope_kind, scope_id, period_start, by_value, 0 FROM counted
  ON CONFLICT DO NOTHING;
  UPDATE scoring_capuse u SET used = s.used FROM (
    SELECT rulebook_id, rule_code, limit_key, scope_kind, scope_id, period_start, by_value, sum(used) AS used
      FROM counted GROUP BY 1, 2, 3, 4, 5, 6, 7) s
   WHERE (s.rulebook_id, s.rule_code, s.limit_key, s.scope_kind, s.scope_id, s.period_start, s.by_value)
       = (u.rulebook_id, u.rule_code, u.limit_key, u.scope_kind, u.scope_id, u.period_start, u.by_value)
     AND u.used <> s.used;
END $caps$;
