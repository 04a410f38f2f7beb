-- Two versions of one rulebook are never in force on the same day.
ALTER TABLE scoring_rulebookversion ADD CONSTRAINT scoring_version_in_force_once
  EXCLUDE USING gist (rulebook_id WITH =, daterange(effective_from, effective_to) WITH &&) WHERE (state = 'in_force');

-- I5: a rule keeps its words from the day its version is in force. One function for rules and their limits.
CREATE FUNCTION scoring_rule_kept() RETURNS trigger LANGUAGE plpgsql AS $fn$
DECLARE
  rule bigint := CASE TG_TABLE_NAME WHEN 'scoring_rule' THEN (to_jsonb(OLD) ->> 'id')::bigint
                                    ELSE (to_jsonb(OLD) ->> 'rule_id')::bigint END;
BEGIN
  IF EXISTS (SELECT FROM scoring_rule r JOIN scoring_rulebookversion v ON v.id = r.version_id
              WHERE r.id = rule AND v.state <> 'draft') THEN
    RAISE EXCEPTION 'I5: a rule in force is never changed; make a new version' USING ERRCODE = 'JF005';
  END IF;
  RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $fn$;
CREATE TRIGGER scoring_rule_kept BEFORE UPDATE OR DELETE ON scoring_rule
  FOR EACH ROW EXECUTE FUNCTION scoring_rule_kept();
CREATE TRIGGER scoring_limit_kept BEFORE UPDATE OR DELETE ON scoring_rulelimit
  FOR EACH ROW EXECUTE FUNCTION scoring_rule_kept();

-- I12: the first day of the period that a cap counts in (scoring.rules.limits.period_start says the same).
CREATE FUNCTION scoring_period_start(period text, day date) RETURNS date LANGUAGE sql IMMUTABLE AS $fn$
  SELECT CASE period WHEN 'day' THEN day WHEN 'ever' THEN DATE '0001-01-01' ELSE date_trunc(period, day)::date END
$fn$;
