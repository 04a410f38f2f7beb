-- A deed that could not be priced is worth nothing by itself: nobody approves it as it is.
CREATE FUNCTION scoring_undecided_decided() RETURNS trigger LANGUAGE plpgsql AS $fn$
BEGIN
  IF EXISTS (SELECT FROM scoring_declaration d JOIN touched t ON t.declaration_id = d.id
              WHERE d.undecided <> '' AND t.verdict = 'approved') THEN
    RAISE EXCEPTION 'I5: what could not be priced is decided with points of its own' USING ERRCODE = 'JF005';
  END IF;
  RETURN NULL;
END $fn$;
CREATE TRIGGER scoring_undecided_decided AFTER UPDATE ON scoring_reviewitem REFERENCING NEW TABLE AS touched
  FOR EACH STATEMENT EXECUTE FUNCTION scoring_undecided_decided();

-- Why it is undecided is part of what was told.
CREATE TRIGGER scoring_declaration_undecided BEFORE UPDATE ON scoring_declaration FOR EACH ROW
  WHEN (OLD.undecided <> NEW.undecided OR OLD.facts <> NEW.facts)
  EXECUTE FUNCTION scoring_refuse('I5: a declaration is never rewritten');

DO $pin$
BEGIN
  EXECUTE format('ALTER FUNCTION scoring_undecided_decided() SET search_path = %I, public, pg_temp', current_schema());
END $pin$;
