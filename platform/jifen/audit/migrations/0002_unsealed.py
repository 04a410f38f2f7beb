from django.db import migrations

TELL = """
CREATE FUNCTION audit_tell_unsealed() RETURNS trigger LANGUAGE plpgsql AS $fn$
BEGIN
    INSERT INTO public.outbox_unsealed (town, row_ids)
    SELECT TG_TABLE_SCHEMA, array_agg(id ORDER BY id) FROM fresh HAVING count(*) > 0;
    RETURN NULL;
END $fn$;
CREATE TRIGGER audit_row_told AFTER INSERT ON audit_auditrow REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION audit_tell_unsealed();
"""

EARLIER = """
INSERT INTO public.outbox_unsealed (town)
SELECT current_schema() WHERE EXISTS (SELECT FROM audit_auditrow r
    WHERE NOT EXISTS (SELECT FROM audit_auditsealed s WHERE s.row_id = r.id))
"""


class Migration(migrations.Migration):
    """The trail tells the public schema which rows wait for a seal, with the rows themselves."""

    dependencies = [("audit", "0001_initial"), ("outbox", "0002_unsealed")]

    operations = [
        migrations.RunSQL(TELL, "DROP FUNCTION audit_tell_unsealed() CASCADE"),
        migrations.RunSQL(EARLIER, migrations.RunSQL.noop),
    ]
