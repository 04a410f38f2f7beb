"""Objections that wait for somebody by her post."""

from collections.abc import Iterator

from jifen.accounts.models import User
from jifen.web.wording import date_cn
from reporting.selectors import inquiries, investigators, objections
from tenants.community.in_hand import Open


def work_of(user: User) -> Iterator[Open]:
    """Those that no flow gives to persons: whoever holds the post looks into them."""
    waiting = list(objections.open_ones(objections.all_of()))
    mine = investigators.mine(waiting, user) - set(inquiries.in_flow([one.pk for one in waiting]))
    asked = [one for one in waiting if one.pk in mine]
    if asked:
        yield Open("异议待核实", len(asked), f"最早的{date_cn(asked[0].answer_by)}到期")
