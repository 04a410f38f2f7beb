-- A cell is of one village; who is in it stays, only the end is written, once.
CREATE FUNCTION community_guard_cell_member() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF (SELECT village_id FROM community_cell WHERE id = NEW.cell_id)
           IS DISTINCT FROM (SELECT village_id FROM community_household WHERE id = NEW.household_id) THEN
            RAISE EXCEPTION 'a cell is of one village'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'community_cell_of_village';
        END IF;
    ELSIF OLD.to_date IS NOT NULL
       OR (OLD.cell_id, OLD.household_id, OLD.from_date)
           IS DISTINCT FROM (NEW.cell_id, NEW.household_id, NEW.from_date) THEN
        RAISE EXCEPTION 'I1: who was in a cell is never rewritten' USING ERRCODE = 'JF001';
    END IF;
    RETURN NEW;
END $body$;

CREATE TRIGGER community_cell_member_guard BEFORE INSERT OR UPDATE ON community_cellmember
  FOR EACH ROW EXECUTE FUNCTION community_guard_cell_member();
