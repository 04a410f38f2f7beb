-- I1: what a deed brought stays, and so does what ended it; a reversal of the posting takes it back.
CREATE TRIGGER scoring_effect_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON scoring_effect
  FOR EACH STATEMENT EXECUTE FUNCTION scoring_refuse('I1: what a deed brought is never changed');
CREATE TRIGGER scoring_effectlift_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON scoring_effectlift
  FOR EACH STATEMENT EXECUTE FUNCTION scoring_refuse('I1: what ended an effect is never changed');
CREATE TRIGGER scoring_effectleave_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON scoring_effectleave
  FOR EACH STATEMENT EXECUTE FUNCTION scoring_refuse('I1: who left by an effect is never changed');

-- All consequences of a rule, in the order in which they are numbered.
CREATE FUNCTION scoring_consequences(spec jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $fn$
  SELECT CASE jsonb_typeof(spec -> 'effect') WHEN 'object' THEN jsonb_build_array(spec -> 'effect') ELSE '[]' END
         || coalesce(spec -> 'effects', '[]')
$fn$;

-- I5: an effect is one that the rule of its posted deed names, of that deed's household, from that deed's day.
CREATE FUNCTION scoring_effect_brought() RETURNS trigger LANGUAGE plpgsql AS $fn$
BEGIN
  IF NOT EXISTS (SELECT FROM scoring_posting p
      JOIN scoring_declaration d ON d.id = p.declaration_id
      JOIN scoring_rule r ON r.id = d.rule_id
      WHERE p.id = NEW.posting_id AND p.cause = 'declaration' AND d.household_id = NEW.household_id
        AND d.happened_on = NEW.first
        AND scoring_consequences(r.spec) -> NEW.position::int ->> 'kind' = NEW.kind) THEN
    RAISE EXCEPTION 'I5: an effect is what its deed''s rule says' USING ERRCODE = 'JF005';
  END IF;
  RETURN NEW;
END $fn$;
CREATE TRIGGER scoring_effect_brought BEFORE INSERT ON scoring_effect
  FOR EACH ROW EXECUTE FUNCTION scoring_effect_brought();

-- I5: only a repair of the same household, of a rule that mends the one that brought it, ends an effect before its time.
CREATE FUNCTION scoring_effect_lifted() RETURNS trigger LANGUAGE plpgsql AS $fn$
BEGIN
  IF NOT EXISTS (SELECT FROM scoring_effect e
      JOIN scoring_posting b ON b.id = e.posting_id
      JOIN scoring_declaration bad ON bad.id = b.declaration_id
      JOIN scoring_rule broken ON broken.id = bad.rule_id
      JOIN scoring_posting p ON p.id = NEW.posting_id AND p.cause = 'declaration'
      JOIN scoring_declaration d ON d.id = p.declaration_id AND d.household_id = e.household_id
      JOIN scoring_rule r ON r.id = d.rule_id AND (r.spec -> 'repair' ->> 'lifts')::boolean
      WHERE e.id = NEW.effect_id AND e.until_repair AND d.happened_on = NEW.day AND NEW.day >= e.first
        AND (r.spec -> 'repair' -> 'rules' = '[]' OR r.spec -> 'repair' -> 'rules' ? broken.code)) THEN
    RAISE EXCEPTION 'I5: only its repair ends an effect before its time' USING ERRCODE = 'JF005';
  END IF;
  RETURN NEW;
END $fn$;
CREATE TRIGGER scoring_effect_lifted BEFORE INSERT ON scoring_effectlift
  FOR EACH ROW EXECUTE FUNCTION scoring_effect_lifted();

DO $pin$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['scoring_effect_brought()', 'scoring_effect_lifted()'] LOOP
    EXECUTE format('ALTER FUNCTION %s SET search_path = %I, public, pg_temp', name, current_schema());
  END LOOP;
END $pin$;
