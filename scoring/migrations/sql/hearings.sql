-- No deduction posts while the household may still explain it, nor when the committee has dropped it, nor with more than
-- what the committee left of it.
CREATE FUNCTION scoring_deductions_heard() RETURNS trigger LANGUAGE plpgsql AS $fn$
BEGIN
  IF EXISTS (SELECT FROM fresh f
               JOIN scoring_posting p ON p.id = f.posting_id
               JOIN scoring_hearing h ON h.declaration_id = p.declaration_id AND h.outcome <> 'void'
              WHERE f.amount < 0 AND f.cause = 'declaration'
                AND (h.outcome IN ('open', 'dropped')
                     OR (f.measure = 'merit' AND f.amount < coalesce(h.decided_points, h.points)))) THEN
    RAISE EXCEPTION 'I5: a deduction posts only when the household has been heard' USING ERRCODE = 'JF005';
  END IF;
  RETURN NULL;
END $fn$;
CREATE TRIGGER scoring_deductions_heard AFTER INSERT ON scoring_entry REFERENCING NEW TABLE AS fresh
  FOR EACH STATEMENT EXECUTE FUNCTION scoring_deductions_heard();

-- A hearing ends once; what it is about never changes; nobody decides on her own (I11).
CREATE FUNCTION scoring_hearing_turns() RETURNS trigger LANGUAGE plpgsql AS $fn$
BEGIN
  IF (NEW.item_id, NEW.declaration_id, NEW.household_id, NEW.points, NEW.redeemable, NEW.told_at, NEW.until)
     IS DISTINCT FROM
     (OLD.item_id, OLD.declaration_id, OLD.household_id, OLD.points, OLD.redeemable, OLD.told_at, OLD.until) THEN
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
CREATE TRIGGER scoring_hearing_kept BEFORE DELETE OR TRUNCATE ON scoring_hearing
  FOR EACH STATEMENT EXECUTE FUNCTION scoring_refuse('I5: a hearing is never deleted');

-- A sheet of which single deeds came back: the others keep their decision.
CREATE FUNCTION scoring_items_kept() RETURNS trigger LANGUAGE plpgsql AS $fn$
BEGIN
  IF NOT EXISTS (SELECT FROM scoring_review r
                  WHERE r.id IN (SELECT review_id FROM new_rows) AND r.state = 'returned') THEN
    RETURN NULL;
  END IF;
  IF EXISTS (SELECT FROM new_rows a JOIN old_rows b ON b.id = a.id
               JOIN scoring_review r ON r.id = a.review_id AND r.state = 'returned'
               JOIN LATERAL (SELECT f.id FROM scoring_filing f WHERE f.review_id = r.id ORDER BY f.id DESC LIMIT 1)
                 last ON EXISTS (SELECT FROM scoring_returneditem t WHERE t.filing_id = last.id)
              WHERE (a.verdict, a.points, a.redeemable, a.reason)
                    IS DISTINCT FROM (b.verdict, b.points, b.redeemable, b.reason)
                AND NOT EXISTS (SELECT FROM scoring_returneditem t WHERE t.filing_id = last.id AND t.item_id = a.id))
  THEN
    RAISE EXCEPTION 'I5: what the town did not send back keeps its decision' USING ERRCODE = 'JF005';
  END IF;
  RETURN NULL;
END $fn$;
CREATE TRIGGER scoring_items_kept AFTER UPDATE ON scoring_reviewitem
  REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION scoring_items_kept();

-- Every function that reads tables looks in its own town only, whoever calls it.
DO $pin$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['scoring_deductions_heard()', 'scoring_hearing_turns()', 'scoring_items_kept()'] LOOP
    EXECUTE format('ALTER FUNCTION %s SET search_path = %I, public, pg_temp', name, current_schema());
  END LOOP;
END $pin$;
