"""What a repair waits for: deductions that it gives back, decided and not posted yet."""

from django.db import connection

from jifen.web.wording import date_cn
from scoring.models import Declaration, DeclarationState
from scoring.selectors.rules import spec_of
from scoring.sql import posting as sql

NEVER = (DeclarationState.POSTED, DeclarationState.REJECTED, DeclarationState.WITHDRAWN)


def awaited(row: Declaration) -> list[Declaration]:
    """The deductions that have to post, or to be dropped, before ``row`` does; the earliest first."""
    if row.state in NEVER or spec_of(row.rule).repair is None:
        return []
    with connection.cursor() as cursor:
        cursor.execute(sql.AWAITED, {"repairs": [row.pk], "posting": []})
        found = [deduction for _, deduction in cursor.fetchall()]
    return list(Declaration.objects.filter(pk__in=found).select_related("rule").order_by("happened_on", "pk"))


def told(row: Declaration) -> str:
    """In a sentence what ``row`` waits for; empty when it waits for nothing."""
    names = [_name(one) for one in awaited(row)]
    if not names:
        return ""
    return f"{'、'.join(names)}的扣分还没有记账。等它记账或者不扣了，这一条再记账，才算得出能恢复几分。"


def _name(deduction: Declaration) -> str:
    title = "不公开事由的一笔" if deduction.rule.is_sensitive else deduction.rule.title
    return f"{title}（{date_cn(deduction.happened_on)}）"
