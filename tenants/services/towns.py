"""A town's state: ready ⇄ suspended → archived. Its schema stays as it is."""

from django.db import transaction

from jifen.audit import services as audit
from jifen.kernel.actors import Actor
from tenants.errors import TownStateWrong
from tenants.models import Town, TownState


def suspend(*, town: Town, by: Actor) -> None:
    """Stop serving the town; its jobs wait.

    Raises:
        TownStateWrong: it is not ready.
    """
    _change(town, TownState.READY, TownState.SUSPENDED, by)


def resume(*, town: Town, by: Actor) -> None:
    """Serve a suspended town again; what fell due meanwhile is caught up.

    Raises:
        TownStateWrong: it is not suspended.
    """
    _change(town, TownState.SUSPENDED, TownState.READY, by)


def archive(*, town: Town, by: Actor) -> None:
    """Close a suspended town for good; its data is kept.

    Raises:
        TownStateWrong: it is not suspended.
    """
    _change(town, TownState.SUSPENDED, TownState.ARCHIVED, by)


@transaction.atomic
def _change(town: Town, before: TownState, after: TownState, by: Actor) -> None:
    if not Town.objects.filter(pk=town.pk, state=before).update(state=after):
        town.refresh_from_db(fields=["state"])
        raise TownStateWrong(name=town.name, state=town.get_state_display())
    town.state = after
    audit.record(by=by, action=f"town.{after}", subject=town)
