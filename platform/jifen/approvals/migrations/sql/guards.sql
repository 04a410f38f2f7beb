CREATE FUNCTION approvals_refuse() RETURNS trigger LANGUAGE plpgsql AS $fn$
BEGIN
  RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'JF001';
END $fn$;

-- What is decided stays so.
CREATE TRIGGER approvals_item_turns BEFORE UPDATE ON approvals_item FOR EACH ROW
  WHEN (OLD.finished_at IS NOT NULL AND to_jsonb(NEW) <> to_jsonb(OLD))
  EXECUTE FUNCTION approvals_refuse('an item that is over never changes');

-- What was said stays said.
CREATE TRIGGER approvals_word_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON approvals_word
  FOR EACH STATEMENT EXECUTE FUNCTION approvals_refuse('a word is never changed');
