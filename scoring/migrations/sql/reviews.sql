-- I11: whether `who` or a declared relative belonged to the household on that day or has done so since.
CREATE FUNCTION scoring_is_barred(who bigint, household bigint, day date) RETURNS boolean LANGUAGE sql STABLE AS $fn$
  SELECT EXISTS (
    SELECT FROM community_householdmember m
     WHERE m.household_id = household AND (m.to_date IS NULL OR m.to_date > day)
       AND (m.resident_id = who
            OR EXISTS (SELECT FROM community_relative r
                        WHERE (r.resident_id = who AND r.other_id = m.resident_id)
                           OR (r.other_id = who AND r.resident_id = m.resident_id))))
$fn$;

-- A sheet's items change only while the committee has it; nobody decides on her own.
CREATE FUNCTION scoring_items_touched() RETURNS trigger LANGUAGE plpgsql AS $fn$
BEGIN
  PERFORM FROM scoring_review r WHERE r.id IN (SELECT review_id FROM touched) ORDER BY r.id FOR SHARE;
  IF EXISTS (SELECT FROM scoring_review r
              WHERE r.id IN (SELECT review_id FROM touched) AND r.state NOT IN ('open', 'returned')) THEN
    RAISE EXCEPTION 'I5: a decided sheet is not changed' USING ERRCODE = 'JF005';
  END IF;
  IF TG_OP <> 'DELETE' AND EXISTS (
       SELECT FROM touched t JOIN scoring_declaration d ON d.id = t.declaration_id
        WHERE t.decided_by_resident_id IS NOT NULL
          AND scoring_is_barred(t.decided_by_resident_id, d.household_id, d.happened_on)) THEN
    RAISE EXCEPTION 'I11: nobody decides on a deed of her own household or of a declared relative'
      USING ERRCODE = 'JF011';
  END IF;
  RETURN NULL;
END $fn$;
CREATE TRIGGER scoring_items_added AFTER INSERT ON scoring_reviewitem REFERENCING NEW TABLE AS touched
  FOR EACH STATEMENT EXECUTE FUNCTION scoring_items_touched();
CREATE TRIGGER scoring_items_changed AFTER UPDATE ON scoring_reviewitem REFERENCING NEW TABLE AS touched
  FOR EACH STATEMENT EXECUTE FUNCTION scoring_items_touched();
CREATE TRIGGER scoring_items_removed AFTER DELETE ON scoring_reviewitem REFERENCING OLD TABLE AS touched
  FOR EACH STATEMENT EXECUTE FUNCTION scoring_items_touched();
CREATE TRIGGER scoring_item_moved BEFORE UPDATE ON scoring_reviewitem FOR EACH ROW
  WHEN ((OLD.review_id, OLD.declaration_id) IS DISTINCT FROM (NEW.review_id, NEW.declaration_id))
  EXECUTE FUNCTION scoring_refuse('I5: an item stays on its sheet');
CREATE TRIGGER scoring_review_posted BEFORE UPDATE ON scoring_review FOR EACH ROW
  WHEN (OLD.state = 'posted' AND NEW.state <> 'posted')
  EXECUTE FUNCTION scoring_refuse('I10: a posted sheet stays posted');
