"""What a draft begins with: the version in force, a template, or nothing."""

from dataclasses import dataclass, field, replace
from typing import Any

from jifen.kernel import clock
from jifen.kernel.reading import whole as number
from jifen.kernel.tenancy import require_town
from scoring import rulebook_errors as errors
from scoring.library import selectors as shelf
from scoring.models import RulebookVersion
from scoring.rules import library, spec, three_way
from scoring.rules.overlay import Overlay
from scoring.selectors import codes
from scoring.selectors import rulebooks as books
from tenants.community.models import Village

EMPTY_CATEGORY = "人居环境"


@dataclass(frozen=True, slots=True)
class Start:
    """``items``: (code, body) in order."""

    title: str = ""
    base: RulebookVersion | None = None
    head: dict[str, Any] = field(default_factory=dict)
    bounds: dict[str, Any] = field(default_factory=dict)
    items: tuple[tuple[str, dict[str, Any]], ...] = ()
    origin_code: str = ""
    origin_number: int | None = None


def start_from(village: Village | None, start: str) -> Start:
    """What ``start`` (``current``, ``empty``, ``version:ID``, ``template:CODE``, ``district:ID``) means for the book.

    Raises:
        StartUnknown, TemplateUnknown, TownRulesMissing.
    """
    kind, _, what = start.partition(":")
    if kind == "version":
        return _of_version(village, number(what) or 0)
    if village is not None:
        return _of_village(village, kind)
    if kind == "current":
        return _of_town(books.latest(None, clock.today()))
    if kind == "empty":
        return Start(head={"categories": [{"name": EMPTY_CATEGORY}]})
    if kind == "template" and what in library.available():
        scheme = library.load(what)
        return _of_template(scheme.rulebook, title=scheme.title, origin_code=what)
    if kind == "district":
        return _of_district(what)
    raise errors.TemplateUnknown if kind == "template" else errors.StartUnknown


def of_book(book: spec.Rulebook, *, title: str, origin_code: str, origin_number: int | None = None) -> Start:
    """Every item of a rulebook."""
    items = tuple((rule.code, rule.model_dump(mode="json")) for rule in book.rules)
    return Start(title, None, books.head_of(book), {}, items, origin_code, origin_number)


def of_overlay(base: RulebookVersion, overlay: Overlay, title: str) -> Start:
    """Every change of a village on ``base``."""
    items = tuple((change.code, change.model_dump(mode="json")) for change in overlay.changes)
    head = {"categories": [one.model_dump(mode="json") for one in overlay.categories]}
    return Start(title, base, head, {}, items)


def _of_version(village: Village | None, pk: int) -> Start:
    """An earlier version of the same rulebook, whatever became of it: withdrawn, refused, superseded."""
    found = books.version_of(village, pk)
    if found is None:
        raise errors.StartUnknown
    if village is None:
        return replace(_of_town(found), base=books.latest(None, clock.today()))
    base = books.newest(None, clock.today())
    if base is None or found.town_version is None:
        raise errors.TownRulesMissing
    return of_overlay(base, moved(found, base), f"{village.name}积分细则")


def _of_town(version: RulebookVersion | None) -> Start:
    if version is None:
        raise errors.TownRulesMissing
    origin = version.origin_code or version.rulebook.template_code
    begun = of_book(books.whole(version), title=version.rulebook.title, origin_code=origin)
    return replace(begun, base=version, bounds=version.bounds, origin_number=version.origin_number)


def _of_district(what: str) -> Start:
    published = shelf.offered_to(require_town(), number(what) or 0)
    if published is None:
        raise errors.TemplateUnknown
    made = published.template
    book = shelf.rulebook_of(published)
    return _of_template(book, title=made.title, origin_code=made.key, origin_number=published.number)


def _of_template(book: spec.Rulebook, *, title: str, origin_code: str, origin_number: int | None = None) -> Start:
    """Every item of a template; where the town has rules, an item of theirs keeps its code and another takes none."""
    here = codes.of_template(book, books.began_with(origin_code))
    return of_book(here, title=title, origin_code=origin_code, origin_number=origin_number)


def _of_village(village: Village, kind: str) -> Start:
    """On the town's newest version: what is in force there, moved from the version that it was made on."""
    if kind not in ("current", "empty"):
        raise errors.StartUnknown
    today = clock.today()
    base = books.newest(None, today)
    if base is None:
        raise errors.TownRulesMissing
    own = books.latest(village, today)
    title = f"{village.name}积分细则"
    if kind == "empty" or own is None or own.town_version is None:
        return of_overlay(base, Overlay(), title)
    return of_overlay(base, moved(own, base), title)


def moved(own: RulebookVersion, base: RulebookVersion, chosen: dict[str, Any] | None = None) -> Overlay:
    """The village's changes on another version of its town; what both changed is the town's unless ``chosen``."""
    overlay = books.overlay_of(own)
    if own.town_version is None or own.town_version_id == base.pk:
        return overlay
    old, new = books.whole(own.town_version), books.whole(base)
    return three_way.three_way(old, new, overlay, bounds=books.bounds_of(base), chosen=chosen).result
