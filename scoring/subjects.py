"""What scoring puts through approval flows."""

from jifen.approvals import registry
from jifen.approvals.models import Item
from jifen.kernel.actors import Actor
from scoring.services import declarations, reviews


def register() -> None:
    registry.register(
        declarations.SUBJECT_KIND,
        declarations.on_verified,
        declarations.on_refused,
        facts={"points": "number", "declared_by": "text"},
    )
    registry.register_bar(declarations.SUBJECT_KIND, declarations.is_barred)
    registry.register(reviews.SUBJECT_KIND, _decided_on_the_sheet, _decided_on_the_sheet)


def _decided_on_the_sheet(item: Item, by: Actor) -> None:
    """A month's sheet is signed and closed in ``reviews``; its flow only says how many signatures that takes."""
