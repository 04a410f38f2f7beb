-- No deduction posts before the household was told or while it may still explain it, nor when the committee has dropped
-- it, nor with more than what the committee left of it.
CREATE OR REPLACE FUNCTION scoring_deductions_heard() RETURNS trigger LANGUAGE plpgsql AS $fn$
BEGIN
  IF EXISTS (SELECT FROM fresh f
               JOIN scoring_posting p ON p.id = f.posting_id
               JOIN scoring_hearing h ON h.declaration_id = p.declaration_id AND h.outcome <> 'void'
              WHERE f.amount < 0 AND f.cause = 'declaration'
                AND (h.told_at IS NULL OR h.outcome IN ('open', 'dropped')
                     OR (f.measure = 'merit' AND f.amount < coalesce(h.decided_points, h.points)))) THEN
    RAISE EXCEPTION 'I5: a deduction posts only when the household has been heard' USING ERRCODE = 'JF005';
  END IF;
  RETURN NULL;
END $fn$;

-- A hearing ends once; what it is about never changes; when and by whom the household was told is written once; nobody
-- decides on her own (I11).
CREATE OR REPLACE FUNCTION scoring_hearing_turns() RETURNS trigger LANGUAGE plpgsql AS $fn$
BEGIN
  IF (NEW.item_id, NEW.declaration_id, NEW.household_id, NEW.points, NEW.redeemable, NEW.opened_at, NEW.days)
     IS DISTINCT FROM
     (OLD.item_id, OLD.declaration_id, OLD.household_id, OLD.points, OLD.redeemable, OLD.opened_at, OLD.days)
     OR OLD.told_at IS NOT NULL AND (NEW.told_at, NEW.told_how, NEW.told_by_name, NEW.until)
     IS DISTINCT FROM (OLD.told_at, OLD.told_how, OLD.told_by_name, OLD.until) THEN
    RAISE EXCEPTION 'I5: what a household was told is never rewritten' USING ERRCODE = 'JF005';
  ELSIF OLD.outcome <> 'open' AND NEW.outcome NOT IN (OLD.outcome, 'void') THEN
    RAISE EXCEPTION 'I5: a hearing ends once' USING ERRCODE = 'JF005';
  ELSIF OLD.outcome <> 'open' AND NEW.statement <> OLD.statement THEN
    RAISE EXCEPTION 'I5: what was said in an ended hearing is never rewritten' USING ERRCODE = 'JF005';
  ELSIF NEW.decided_by_resident_id IS NOT NULL AND EXISTS (
      SELECT FROM scoring_declaration d WHERE d.id = NEW.declaration_id
        AND scoring_is_barred(NEW.decided_by_resident_id, d.household_id, d.happened_on)) THEN
    RAISE EXCEPTION 'I11: nobody decides on a deed of her own household or of a declared relative'
      USING ERRCODE = 'JF011';
  END IF;
  RETURN NEW;
END $fn$;
CREATE TRIGGER scoring_hearing_turns BEFORE UPDATE ON scoring_hearing
  FOR EACH ROW EXECUTE FUNCTION scoring_hearing_turns();

-- Every function that reads tables looks in its own town only, whoever calls it.
DO $pin$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['scoring_deductions_heard()', 'scoring_hearing_turns()'] LOOP
    EXECUTE format('ALTER FUNCTION %s SET search_path = %I, public, pg_temp', name, current_schema());
  END LOOP;
END $pin$;
