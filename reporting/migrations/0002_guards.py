"""What PostgreSQL itself refuses: a published notice and its lists never change (I8), an answer is final."""

from django.db import migrations

FROZEN = """
CREATE FUNCTION reporting_frozen() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    RAISE EXCEPTION 'I8: % is never changed once published', TG_TABLE_NAME USING ERRCODE = 'JF008';
END
$body$;
CREATE TRIGGER reporting_notice_frozen BEFORE UPDATE OR DELETE ON reporting_notice
    FOR EACH ROW EXECUTE FUNCTION reporting_frozen();
CREATE TRIGGER reporting_notice_kept BEFORE TRUNCATE ON reporting_notice
    FOR EACH STATEMENT EXECUTE FUNCTION reporting_frozen();
CREATE TRIGGER reporting_listrow_frozen BEFORE UPDATE OR DELETE ON reporting_listrow
    FOR EACH ROW EXECUTE FUNCTION reporting_frozen();
CREATE TRIGGER reporting_listrow_kept BEFORE TRUNCATE ON reporting_listrow
    FOR EACH STATEMENT EXECUTE FUNCTION reporting_frozen();
"""

FINAL = """
CREATE FUNCTION reporting_objection_final() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.state = 'raised' AND (NEW.text, NEW.household_id, NEW.raised_on)
            IS NOT DISTINCT FROM (OLD.text, OLD.household_id, OLD.raised_on) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'I8: an objection keeps its words and is answered once' USING ERRCODE = 'JF008';
END
$body$;
CREATE TRIGGER reporting_objection_final BEFORE UPDATE OR DELETE ON reporting_objection
    FOR EACH ROW EXECUTE FUNCTION reporting_objection_final();
"""

PIN = """
DO $pin$ BEGIN
    EXECUTE format('ALTER FUNCTION reporting_frozen() SET search_path = %I, public, pg_temp', current_schema());
    EXECUTE format('ALTER FUNCTION reporting_objection_final() SET search_path = %I, public, pg_temp', current_schema());
END $pin$;
"""

UNDO = """
DROP FUNCTION reporting_frozen() CASCADE;
DROP FUNCTION reporting_objection_final() CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [("reporting", "0001_initial")]

    operations = [migrations.RunSQL(FROZEN + FINAL + PIN, UNDO)]
