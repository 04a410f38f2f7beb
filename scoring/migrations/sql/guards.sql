-- Refusals that need no question asked: the trigger's condition says when, its argument says why.
CREATE FUNCTION scoring_refuse() RETURNS trigger LANGUAGE plpgsql AS $fn$
BEGIN
  RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'JF0' || lpad(substring(TG_ARGV[0] FROM '^I(\d+)'), 2, '0');
END $fn$;

-- I1, I7: what is written stays. Statement triggers, so that they stop the owner and TRUNCATE too.
CREATE TRIGGER scoring_entry_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON scoring_entry
  FOR EACH STATEMENT EXECUTE FUNCTION scoring_refuse('I1: a ledger entry is never updated, deleted or truncated');
CREATE TRIGGER scoring_posting_kept BEFORE DELETE OR TRUNCATE ON scoring_posting
  FOR EACH STATEMENT EXECUTE FUNCTION scoring_refuse('I1: a posting is never deleted or truncated');
CREATE TRIGGER scoring_seal_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON scoring_yearseal
  FOR EACH STATEMENT EXECUTE FUNCTION scoring_refuse('I7: a seal is never changed');
CREATE TRIGGER scoring_standing_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON scoring_yearstanding
  FOR EACH STATEMENT EXECUTE FUNCTION scoring_refuse('I7: a sealed standing is never changed');

-- I2: balances follow the entries; nobody writes them by hand. I3: no hold beyond what is posted.
CREATE TRIGGER scoring_balance_follows BEFORE UPDATE ON scoring_balance FOR EACH ROW
  WHEN (pg_trigger_depth() = 0 AND (OLD.posted, OLD.positive, OLD.negative, OLD.account_id, OLD.year_id, OLD.measure)
        IS DISTINCT FROM (NEW.posted, NEW.positive, NEW.negative, NEW.account_id, NEW.year_id, NEW.measure))
  EXECUTE FUNCTION scoring_refuse('I2: a balance is the sum of its entries and follows them alone');
CREATE TRIGGER scoring_balance_begins BEFORE INSERT ON scoring_balance FOR EACH ROW
  WHEN (pg_trigger_depth() = 0)
  EXECUTE FUNCTION scoring_refuse('I2: a balance begins with an entry');
CREATE TRIGGER scoring_balance_kept BEFORE DELETE OR TRUNCATE ON scoring_balance
  FOR EACH STATEMENT EXECUTE FUNCTION scoring_refuse('I2: a balance is never deleted');
CREATE TRIGGER scoring_balance_covers BEFORE UPDATE ON scoring_balance FOR EACH ROW
  WHEN (NEW.held > OLD.held AND NEW.held > NEW.posted)
  EXECUTE FUNCTION scoring_refuse('I3: no hold exceeds what is posted and not yet held');

-- I5, I10: a posting never changes, but for the moment at which a reversal took it back.
CREATE FUNCTION scoring_posting_changes() RETURNS trigger LANGUAGE plpgsql AS $fn$
BEGIN
  IF to_jsonb(NEW) - 'reversed_at' <> to_jsonb(OLD) - 'reversed_at' THEN
    RAISE EXCEPTION 'I1: a posting is never changed' USING ERRCODE = 'JF001';
  ELSIF OLD.reversed_at IS NOT NULL OR NEW.reversed_at IS NULL THEN
    RAISE EXCEPTION 'I5: a posting is reversed at most once' USING ERRCODE = 'JF005';
  ELSIF NOT EXISTS (SELECT FROM scoring_posting p WHERE p.reverses_id = NEW.id) THEN
    RAISE EXCEPTION 'I10: only a reversal marks a posting as reversed' USING ERRCODE = 'JF010';
  END IF;
  RETURN NEW;
END $fn$;
CREATE TRIGGER scoring_posting_changed BEFORE UPDATE ON scoring_posting
  FOR EACH ROW EXECUTE FUNCTION scoring_posting_changes();

-- A deed is told once: its content never changes, its state does.
CREATE TRIGGER scoring_declaration_kept BEFORE UPDATE ON scoring_declaration FOR EACH ROW
  WHEN ((OLD.village_id, OLD.household_id, OLD.resident_id, OLD.rule_id, OLD.happened_on, OLD.points, OLD.redeemable,
         OLD.reason, OLD.explanation, OLD.declared_by, OLD.recorded_at)
        IS DISTINCT FROM
        (NEW.village_id, NEW.household_id, NEW.resident_id, NEW.rule_id, NEW.happened_on, NEW.points, NEW.redeemable,
         NEW.reason, NEW.explanation, NEW.declared_by, NEW.recorded_at))
  EXECUTE FUNCTION scoring_refuse('I5: a declaration is never rewritten');
CREATE TRIGGER scoring_declaration_stays BEFORE DELETE ON scoring_declaration
  FOR EACH STATEMENT EXECUTE FUNCTION scoring_refuse('I5: a declaration is never deleted');
