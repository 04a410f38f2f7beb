from celery import shared_task

from jifen.kernel.tasks import TownTask
from reporting.models import Notice
from reporting.services import posters


@shared_task(base=TownTask, name=posters.TASK)
def make_posters(notice_id: int) -> None:
    """Print the notice as one A3 page and as A4 tiles; done once, however often it is delivered."""
    posters.make_posters(notice=Notice.objects.get(pk=notice_id))
