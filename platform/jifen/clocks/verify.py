"""What must always be true of the clocks, asked over the public schema."""

from django_tenants.utils import get_tenant_model

from jifen.kernel.checks import Check

FOREIGN = """
SELECT count(*) FROM clocks_work w LEFT JOIN clocks_due d ON d.id = w.due_id
WHERE w.due_id IS NOT NULL AND d.town <> w.town OR NOT EXISTS (SELECT 1 FROM {towns} t WHERE t.schema_name = w.town)
"""
DOUBLED = """
SELECT count(*) FROM clocks_work w JOIN clocks_due d ON d.id = w.due_id
WHERE d.state = 'done' AND w.state = 'waiting' AND w.attempts = 0
"""


def checks() -> list[Check]:
    towns = get_tenant_model()._meta.db_table
    return [
        Check("CLOCKS-1", "排队的工作都属于自己的镇", FOREIGN.format(towns=towns)),
        Check("CLOCKS-2", "已办完的定时事项不再排队", DOUBLED),
    ]
