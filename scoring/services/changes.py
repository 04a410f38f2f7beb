"""Before a declaration changes, its row is kept as it is; the database refuses a change without."""

from django.db import connection

from jifen.kernel import clock
from jifen.kernel.actors import Actor
from scoring.models import ChangeKind, Declaration

_KEEP = """
INSERT INTO scoring_declarationchange (actor_realm, actor_id, actor_name, declaration_id, kind, before, at)
SELECT %(actor_realm)s, %(actor_id)s, %(actor_name)s, d.id, %(kind)s, to_jsonb(d), %(at)s
FROM scoring_declaration d WHERE d.id = %(declaration)s
"""


def keep(declaration: Declaration, kind: ChangeKind, by: Actor) -> None:
    values = {**by.columns(), "declaration": declaration.pk, "kind": str(kind), "at": clock.now()}
    with connection.cursor() as cursor:
        cursor.execute(_KEEP, values)
