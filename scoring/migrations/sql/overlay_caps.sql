-- I12: a village's overlay counts in the caps of the town's book that it was made from. What its deeds took under the
-- village's own book moves there, and all use is counted once more. Can be run again.
DO $caps$
BEGIN
  IF NOT EXISTS (SELECT FROM scoring_rulebookversion WHERE town_version_id IS NOT NULL) THEN
    RETURN;
  END IF;
  CREATE TEMPORARY TABLE moved ON COMMIT DROP AS
    SELECT t.id AS take_id, tv.rulebook_id, u.rule_code, u.limit_position, u.scope_kind, u.scope_id, u.period_start,
        u.by_value
      FROM scoring_captake t
      JOIN scoring_capuse u ON u.id = t.cap_id
      JOIN scoring_posting p ON p.id = t.posting_id
      JOIN scoring_declaration d ON d.id = p.declaration_id
      JOIN scoring_rule r ON r.id = d.rule_id
      JOIN scoring_rulebookversion v ON v.id = r.version_id
      JOIN scoring_rulebookversion tv ON tv.id = v.town_version_id AND tv.rulebook_id <> u.rulebook_id;
  INSERT INTO scoring_capuse (rulebook_id, rule_code, limit_position, scope_kind, scope_id, period_start, by_value, used)
    SELECT DISTINCT rulebook_id, rule_code, limit_position, scope_kind, scope_id, period_start, by_value, 0 FROM moved
  ON CONFLICT DO NOTHING;
  ALTER TABLE scoring_captake DISABLE TRIGGER scoring_captake_kept;
  UPDATE scoring_captake t SET cap_id = u.id FROM moved m
    JOIN scoring_capuse u USING (rulebook_id, rule_code, limit_position, scope_kind, scope_id, period_start, by_value)
   WHERE m.take_id = t.id;
  ALTER TABLE scoring_captake ENABLE TRIGGER scoring_captake_kept;

  CREATE TEMPORARY TABLE seen ON COMMIT DROP AS
    SELECT coalesce(tv.rulebook_id, v.rulebook_id) AS rulebook_id, r.code AS rule_code, l.position AS limit_position,
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
    SELECT u.rulebook_id, u.rule_code, u.limit_position, u.scope_kind, u.scope_id, u.period_start, u.by_value, t.part
      FROM scoring_captake t
      JOIN scoring_posting p ON p.id = t.posting_id AND p.reversed_at IS NULL
      JOIN scoring_capuse u ON u.id = t.cap_id;
  INSERT INTO scoring_capuse (rulebook_id, rule_code, limit_position, scope_kind, scope_id, period_start, by_value, used)
    SELECT DISTINCT rulebook_id, rule_code, limit_position, scope_kind, scope_id, period_start, by_value, 0 FROM seen
  ON CONFLICT DO NOTHING;
  UPDATE scoring_capuse u SET used = coalesce((SELECT sum(s.used) FROM seen s
    WHERE (s.rulebook_id, s.rule_code, s.limit_position, s.scope_kind, s.scope_id, s.period_start, s.by_value)
        = (u.rulebook_id, u.rule_code, u.limit_position, u.scope_kind, u.scope_id, u.period_start, u.by_value)), 0);
END $caps$;
