-- I7: SHA-256 over the previous seal's hash and the first `n` entries that the seal covers, in id order: those of the
-- year itself, or, for a supplement, those that other years took and that concern it.
CREATE FUNCTION scoring_seal_hash(kind text, sealed bigint, n integer, previous text) RETURNS text
LANGUAGE sql STABLE AS $fn$
  SELECT encode(sha256(convert_to(coalesce(previous, '') || coalesce(string_agg(e.line, E'\n' ORDER BY e.id), ''), 'UTF8')), 'hex')
    FROM (SELECT e.id, concat_ws('|', e.id, e.posting_id, e.account_id, e.household_id, e.year_id, coalesce(e.concerns_year, 0),
                   e.month, e.measure, e.amount, e.cause, coalesce(e.rule_id, 0), to_char(e.happened_on, 'YYYY-MM-DD'),
                   coalesce(e.reverses_id, 0), extract(epoch FROM e.posted_at)) AS line
            FROM scoring_entry e
           WHERE CASE WHEN kind = 'supplement'
                      THEN e.concerns_year = (SELECT number FROM scoring_year WHERE id = sealed) AND e.year_id <> sealed
                      ELSE e.year_id = sealed END
           ORDER BY e.id LIMIT n) e
$fn$;

-- I7: a year is sealed by a seal, and opened again only after a seal that says so.
CREATE FUNCTION scoring_year_turns() RETURNS trigger LANGUAGE plpgsql AS $fn$
DECLARE
  last text := (SELECT s.kind FROM scoring_yearseal s WHERE s.year_id = OLD.id AND s.kind <> 'supplement'
                 ORDER BY s.id DESC LIMIT 1);
BEGIN
  IF NEW.number <> OLD.number
     OR (OLD.state = 'sealed' AND NEW.state <> 'sealed' AND last IS DISTINCT FROM 'reopen')
     OR (OLD.state <> 'sealed' AND NEW.state = 'sealed' AND last IS DISTINCT FROM 'close') THEN
    RAISE EXCEPTION 'I7: a year is sealed and reopened by a seal alone' USING ERRCODE = 'JF007';
  END IF;
  RETURN NEW;
END $fn$;
CREATE TRIGGER scoring_year_turns BEFORE UPDATE ON scoring_year
  FOR EACH ROW EXECUTE FUNCTION scoring_year_turns();
CREATE TRIGGER scoring_year_kept BEFORE DELETE OR TRUNCATE ON scoring_year
  FOR EACH STATEMENT EXECUTE FUNCTION scoring_refuse('I7: a year is never deleted');
