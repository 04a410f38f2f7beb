"""One item as a sentence with blanks, saved while it is written; two who write it at once see each other."""

import json
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localtime
from django.views.decorators.http import require_safe

from jifen.kernel import cel, clock, reading
from jifen.kernel.actors import Actor
from jifen.kernel.errors import JifenError
from scoring.models import EDITABLE, Draft
from scoring.rulebook_errors import ItemChanged, ItemTaken, ItemUnknown, RowUnfinished
from scoring.rules import comparisons, diffs
from scoring.rules.overlay import AMENDABLE
from scoring.rules.problems import EMPTY
from scoring.rules.spec import RuleSpec
from scoring.selectors import drafts as seen
from scoring.selectors.drafts import Line
from scoring.services import drafts as writing
from scoring.web import rulebook_conditions as conditions
from scoring.web import rulebook_feeds as feeds
from scoring.web import rulebook_fields as fields
from scoring.web import rulebook_forms as forms
from scoring.web import rulebook_half
from scoring.web import rulebook_life as life
from scoring.web import rulebook_scope as scopes
from scoring.web import rulebook_words as words


def _item(request: HttpRequest, area: str, pk: int, code: str) -> HttpResponse:
    """GET shows the sentence, POST saves it: for htmx only what came of it, else the whole page again."""
    draft = scopes.draft_of(request, area, pk)
    line = line_of(draft, code)
    if request.method != "POST":
        return render(request, "scoring/rulebooks/item.html", _content(area, draft, line))
    conflict: JifenError | None = None
    problem, is_half = "", False
    try:
        half = _save_once_more(request, draft, line)
        _shelve(draft, Actor.of(request.user))
        if half:
            raise RowUnfinished(field=half[0].field, row=half[0].row, why=half[0].why)
    except (ItemChanged, ItemTaken) as error:
        conflict = error
    except JifenError as error:
        problem, is_half = error.message, isinstance(error, RowUnfinished)
    if why := conflict.message if conflict else problem:
        _tell_who_left(request, line, why, "没有全部保存" if is_half else "没有保存")
    line = line_of(draft, code)
    if not request.headers.get("HX-Request") and not conflict and not problem:
        return redirect(f"scoring:{area}_item", pk, code)
    told = _content(area, draft, line) | {
        "conflict": _theirs(request, conflict, draft, line),
        "problem": problem,
        "is_half": is_half,
        "saved": True,
    }
    answer = render(request, "scoring/rulebooks/item_saved.html", told)
    answer["HX-Trigger"] = "saved"
    return answer


def _tell_who_left(request: HttpRequest, line: Line, why: str, what: str) -> None:
    """She has gone on already: the next page says that her last change was refused."""
    if request.POST.get("leaving"):
        title = forms.body_of(line).get("title") or forms.NAMELESS
        messages.error(request, f"“{title}”刚才的改动{what}：{why}")


def line_of(draft: Draft, code: str) -> Line:
    """The item in the draft; ItemUnknown when it is not there, or taken out."""
    found = next((line for line in seen.lines(draft) if line.code == code), None)
    if found is None:
        raise ItemUnknown
    return found


def _save_once_more(request: HttpRequest, draft: Draft, line: Line) -> list[rulebook_half.Half]:
    """As it was sent; who left the page ``under`` a save of her own may have been overtaken by that one."""
    try:
        return _save(request, draft, line)
    except (ItemChanged, ItemTaken):
        if not request.POST.get("under"):
            raise
        return _save(request, draft, line_of(draft, line.code))


def _save(request: HttpRequest, draft: Draft, line: Line) -> list[rulebook_half.Half]:
    """Keeps what can be kept; what is left are rows that are not finished."""
    by, before = Actor.of(request.user), forms.body_of(line)
    others = feeds.known(draft, seen.lines(draft), line.code)
    body = feeds.settled(fields.edited(request.POST, before), before, others)
    half = rulebook_half.rows_of(request.POST, before, body)
    revision = _revision(request, line, by)
    kept = _kept(line, body)
    if kept is None:
        if line.item is not None and line.kind == "amend":
            writing.switch_item(draft=draft, code=line.code, revision=revision, on=True, by=by)
    elif line.item is None and revision is None:
        writing.put_item(draft=draft, code=line.code, body=kept, by=by)
    else:
        writing.save_item(draft=draft, code=line.code, revision=-1 if revision is None else revision, body=kept, by=by)
    return half


def _revision(request: HttpRequest, line: Line, by: Actor) -> int | None:
    """What she saw; one more where she left ``under`` a save of her own, whose answer she has not seen."""
    told = reading.whole(request.POST.get("revision", ""))
    item = line.item
    if not request.POST.get("under") or item is None or item.changed_by_name != by.name:
        return told
    return item.revision if item.revision == (told or 0) + 1 else told


def _shelve(draft: Draft, by: Actor) -> None:
    """The main classes follow the items: a new name is a new class, a bare one that no item is in goes."""
    draft.refresh_from_db()
    used = dict.fromkeys(
        str(body["category"]) for body in map(forms.body_of, seen.lines(draft)) if body.get("category")
    )
    own = list(draft.head.get("categories", []))
    known = {*categories(draft)}
    kept = [one for one in own if one["name"] in used or one.get("summary") or one.get("limits")]
    made = kept + [{"name": name} for name in used if name not in known]
    if made and made != own:
        writing.save_settings(draft=draft, revision=draft.head_revision, head={**draft.head, "categories": made}, by=by)


def _kept(line: Line, body: dict[str, Any]) -> dict[str, Any] | None:
    """What is kept of an edited rule: itself, a village's own item, or what it changes; None when that is nothing."""
    if line.kind == "rule":
        return body
    if line.kind == "add" or line.town is None:
        return {"kind": "add", "rule": body}
    town = line.town.model_dump(mode="json")
    told = _normal(body)
    values = {name: told[name] for name in sorted(AMENDABLE) if name in told and told[name] != town.get(name)}
    return {"kind": "amend", "code": line.code, "values": values} if values else None


def _normal(body: dict[str, Any]) -> dict[str, Any]:
    """As the model writes it, where it is a rule already."""
    try:
        return RuleSpec.model_validate(body).model_dump(mode="json")
    except ValueError:
        return body


def _theirs(request: HttpRequest, error: JifenError | None, draft: Draft, line: Line) -> dict[str, Any] | None:
    """Who was quicker, what the item says now, and every field that is not what this reader had before her."""
    if error is None or line.item is None:
        return None
    at = localtime(line.item.changed_at, clock.TIME_ZONE)
    return {
        "name": line.item.changed_by_name,
        "time": f"{at:%H:%M}",
        "sentence": words.sentence(line, words.known(seen.lines(draft), _classes(draft))),
        "differences": diffs.differences(read, forms.body_of(line)) if (read := _read(request)) else [],
    }


def _read(request: HttpRequest) -> dict[str, Any]:
    """The item as it stood on the page that was sent."""
    try:
        told = json.loads(request.POST.get("read", ""))
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _content(area: str, draft: Draft, line: Line) -> dict[str, Any]:
    body = forms.body_of(line)
    hints, unchecked = life.hints(draft)
    mine = [one for one in hints if line.code in one.codes]
    return {
        "area": area,
        "draft": draft,
        "line": line,
        "body": body,
        "rule": line.rule,
        "urls": scopes.urls(area, draft),
        "village": draft.rulebook.village,
        "may_write": draft.state in EDITABLE and line.kind != "off" and not line.is_locked,
        "may_give_up": draft.state in EDITABLE and line.is_locked and line.kind == "amend",
        "is_own": line.kind in ("rule", "add"),
        "revision": line.item.revision if line.item and line.kind != "town" else "",
        "read": json.dumps(body, ensure_ascii=False),
        "categories": categories(draft),
        "sentence": words.sentence(line, words.known(seen.lines(draft), _classes(draft))),
        **_left(line, body),
        "hints": mine,
        "blocking": sum(one.blocking for one in mine),
        "unchecked": unchecked - bool(line.problems),
        **words.blanks(body),
        **_around(draft, line),
        "feeds": feeds.choices(draft, line.code, body, feeds.known(draft, seen.lines(draft), line.code)),
    }


def _left(line: Line, body: dict[str, Any]) -> dict[str, Any]:
    """What nobody has filled in yet, and what is filled in wrongly; of an item just begun neither is a fault."""
    blank = [one.removesuffix(EMPTY) for one in line.problems if one.endswith(EMPTY)]
    begun = any(body.get(name) for name in ("title", "text", "amount"))
    is_untouched = bool(blank) and line.item is not None and line.item.revision == 1 and not begun
    return {
        "unfilled": blank,
        "faults": [one for one in line.problems if not one.endswith(EMPTY)],
        "is_untouched": is_untouched,
    }


def _classes(draft: Draft) -> list[tuple[str, str]]:
    """The named classes of points: code and name."""
    base = seen.base_book(draft) if seen.is_village(draft) else None
    settings = base.settings.model_dump(mode="json") if base else draft.head.get("settings") or {}
    return [(one["code"], one["name"]) for one in settings.get("classes") or []]


def _around(draft: Draft, line: Line) -> dict[str, Any]:
    """What an item may refer to: the other items, groups of items, named classes of points."""
    bodies = {one.code: forms.body_of(one) for one in seen.lines(draft)}
    titles = {code: str(body.get("title") or forms.NAMELESS) for code, body in bodies.items() if code != line.code}
    told: dict[str, list[str]] = {}
    for code, body in bodies.items():
        group = body.get("group")
        if isinstance(group, dict) and group.get("code"):
            told.setdefault(group["code"], []).append(titles.get(code, "这一条"))
    free = next(f"group-{n}" for n in range(1, len(told) + 2) if f"group-{n}" not in told)
    return {
        "items": list(titles.items()),
        "groups": [*((code, f"和{'、'.join(names)}同类") for code, names in told.items()), (free, "新的一组")],
        "classes": _classes(draft),
    }


def categories(draft: Draft) -> list[str]:
    """Main classes that an item may be put in."""
    named = [one.get("name") for one in draft.head.get("categories", [])]
    town = seen.base_book(draft) if seen.is_village(draft) else None
    return [*(one.name for one in town.categories), *named] if town else named


def _check(request: HttpRequest, area: str, pk: int, code: str) -> HttpResponse:
    """A condition or a formula while it is typed: what is wrong with it, or that it can be read."""
    body = forms.body_of(line_of(scopes.draft_of(request, area, pk), code))
    if "input-label" in request.GET:
        body["inputs"] = fields.inputs(request.GET, body.get("inputs"))
    text = (request.GET.get("condition-when") or request.GET.get("formula-formula") or "").strip()
    wants: cel.Result = "yes_no" if "condition-when" in request.GET else "number"
    problem = ""
    try:
        understood = comparisons.understood(text, conditions.known(body))
        cel.compile_expression(understood, words.names(body), gives=wants, labels=words.labels(body))
    except cel.ExpressionInvalid as error:
        problem = error.message
    return render(request, "scoring/rulebooks/cel_told.html", {"problem": problem, "text": text})


item = scopes.both(_item)
check = scopes.both(require_safe(_check))
