-- I5: what was told changes only before the committee has it, and never without its row as it was.
DROP TRIGGER scoring_declaration_kept ON scoring_declaration;
DROP TRIGGER scoring_declaration_undecided ON scoring_declaration;
CREATE FUNCTION scoring_declaration_changes() RETURNS trigger LANGUAGE plpgsql AS $fn$
BEGIN
  IF OLD.state = 'submitted'
     AND (OLD.village_id, OLD.household_id, OLD.rule_id, OLD.declared_by, OLD.recorded_at)
         = (NEW.village_id, NEW.household_id, NEW.rule_id, NEW.declared_by, NEW.recorded_at)
     AND EXISTS (SELECT FROM scoring_declarationchange c
                  WHERE c.declaration_id = OLD.id AND c.before = to_jsonb(OLD)) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'I5: a declaration is never rewritten' USING ERRCODE = 'JF005';
END $fn$;
CREATE TRIGGER scoring_declaration_kept BEFORE UPDATE ON scoring_declaration FOR EACH ROW
  WHEN ((OLD.village_id, OLD.household_id, OLD.resident_id, OLD.rule_id, OLD.happened_on, OLD.points, OLD.redeemable,
         OLD.reason, OLD.explanation, OLD.declared_by, OLD.recorded_at, OLD.undecided, OLD.facts, OLD.place,
         OLD.happened_time)
        IS DISTINCT FROM
        (NEW.village_id, NEW.household_id, NEW.resident_id, NEW.rule_id, NEW.happened_on, NEW.points, NEW.redeemable,
         NEW.reason, NEW.explanation, NEW.declared_by, NEW.recorded_at, NEW.undecided, NEW.facts, NEW.place,
         NEW.happened_time))
  EXECUTE FUNCTION scoring_declaration_changes();

CREATE TRIGGER scoring_declarationchange_stays BEFORE UPDATE OR DELETE ON scoring_declarationchange
  FOR EACH STATEMENT EXECUTE FUNCTION scoring_refuse('I5: what a declaration said is never rewritten');

DO $pin$
BEGIN
  EXECUTE format('ALTER FUNCTION scoring_declaration_changes() SET search_path = %I, public, pg_temp', current_schema());
END $pin$;
