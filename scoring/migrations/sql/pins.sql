-- Every function that reads tables looks in its own town only, whoever calls it.
DO $pin$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['scoring_posting_changes()', 'scoring_rule_kept()', 'scoring_is_barred(bigint, bigint, date)',
      'scoring_items_touched()', 'scoring_entries_posted()', 'scoring_seal_hash(text, bigint, integer, text)',
      'scoring_year_turns()'] LOOP
    EXECUTE format('ALTER FUNCTION %s SET search_path = %I, public, pg_temp', name, current_schema());
  END LOOP;
END $pin$;
