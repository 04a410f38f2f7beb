-- I7: SHA-256 over the standings fixed by a seal, in the order of households.
CREATE FUNCTION scoring_standings_hash(sealed bigint) RETURNS text LANGUAGE sql STABLE AS $fn$
  SELECT encode(sha256(convert_to(coalesce(string_agg(concat_ws('|', s.household_id, s.positive, s.negative, s.net,
           s.village_rank, s.town_rank), E'\n' ORDER BY s.household_id), ''), 'UTF8')), 'hex')
    FROM scoring_yearstanding s WHERE s.seal_id = sealed
$fn$;

-- I7: what two people asked for stays as it was answered; a volume stays as it was archived.
CREATE TRIGGER scoring_year_request_kept BEFORE UPDATE ON scoring_yearrequest FOR EACH ROW
  WHEN (OLD.state IN ('done', 'withdrawn'))
  EXECUTE FUNCTION scoring_refuse('I7: an answered request about a year is never changed');
CREATE TRIGGER scoring_year_request_stays BEFORE DELETE OR TRUNCATE ON scoring_yearrequest
  FOR EACH STATEMENT EXECUTE FUNCTION scoring_refuse('I7: a request about a year is never deleted');
CREATE TRIGGER scoring_volume_kept BEFORE UPDATE ON scoring_yearvolume FOR EACH ROW
  WHEN (OLD.file_id IS NOT NULL)
  EXECUTE FUNCTION scoring_refuse('I7: an archived volume is never changed');

DO $pin$
BEGIN
  EXECUTE format('ALTER FUNCTION scoring_standings_hash(bigint) SET search_path = %I, public, pg_temp', current_schema());
END $pin$;
