"""The investigators' desk: what waits, what is urgent, the answer. Others see that there is something, not whose."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from jifen.approvals.web import embedded
from jifen.approvals.web.embedded import Way
from jifen.kernel import clock
from jifen.kernel.actors import Actor
from jifen.kernel.errors import JifenError
from jifen.kernel.permissions import grants_of, page
from jifen.kernel.reading import whole
from jifen.web.wording import date_cn
from reporting import addresses, policies
from reporting.models import Objection
from reporting.permissions import ReportingPermission as May
from reporting.selectors import inquiries, postings
from reporting.selectors import objections as selectors
from reporting.selectors.objections import Seen
from reporting.services import answers
from reporting.services import inquiries as inquiry
from reporting.web import story
from reporting.web.forms import AnswerForm, CorrectingForm, HandlingForm
from reporting.web.staff import PER_PAGE, shown
from scoring import selectors as scoring
from scoring.services.corrections import Correction
from scoring.web.photos import evidence_of
from scoring.web.photos import shown as pictures
from tenants.community import selectors as community

STATES = (("mine", "我来核实"), ("soon", "快到期"), ("late", "已逾期"), ("open", "全部待答复"))


@page(permission=May.READ)
def objections(request: HttpRequest, area: str) -> HttpResponse:
    """Those that wait, the most urgent first; then those answered."""
    asked, known = request.GET.get("state", ""), selectors.for_staff(request.user)
    waiting = selectors.as_seen(selectors.open_ones(known), request.user)
    lists = {
        "mine": [row for row in waiting if row.is_asked],
        "soon": [row for row in waiting if row.is_soon],
        "late": [row for row in waiting if row.is_late],
        "open": waiting,
    }
    state = asked if asked in lists or asked == "answered" else ("mine" if lists["mine"] else "open")
    here = reverse(f"reporting:{area}-objections")
    tabs = [(label, f"{here}?state={name}", state == name, len(lists[name])) for name, label in STATES]
    rows: Any = lists[state] if state in lists else selectors.answered(known)
    found = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    content = {
        "answered": state == "answered",
        "state": state,
        "tab_items": [*tabs, ("已答复", f"{here}?state=answered", state == "answered")],
        "page": found,
        "rows": found.object_list if state in lists else selectors.as_seen(found.object_list, request.user),
        "may_enter": grants_of(request.user).allows(May.ENTER),
        "may_handle": area == "office" and grants_of(request.user).allows(May.HANDLING),
    }
    return shown(request, area, "objections", content)


@page(permission=May.READ)
def objection(request: HttpRequest, area: str, pk: int) -> HttpResponse:
    """One objection: all of it for those who look into it, with the answer form; for others its dates and its state."""
    found = selectors.staff_one(request.user, pk)
    [seen] = selectors.as_seen([found], request.user)
    way = embedded.way_of(inquiries.KIND, pk, area=area, user=request.user)
    form = _form(request, found, way) if seen.is_mine and seen.is_open and _is_asked(way) else None
    if form is not None and request.method == "POST" and form.is_valid() and _answered(request, found, form, way):
        messages.success(request, _told(found.pk))
        return redirect(f"reporting:{area}-objections")
    is_read = bool(seen.text)
    content: dict[str, Any] = {"seen": seen, "form": form, "facts": _facts(found, seen), "corrects": _corrects(form)}
    content |= {"events": story.of(found, inside=is_read), "receipt": _receipt(request, found, seen), "way": way}
    if is_read:
        content |= {"objection": found, "why": scoring.why_posted(found.posting) if found.posting else None}
        content |= {"papers": pictures(row.file for row in found.files.select_related("file"))}
        content |= {"opinions": story.opinions(found) if seen.is_open else []}
    return shown(request, area, "objection", content, form)


@page(permission=May.HANDLING)
def handling(request: HttpRequest) -> HttpResponse:
    """The days and the investigators, from tomorrow on; what was chosen for tomorrow already can be mended."""
    chosen = policies.on(clock.today() + timedelta(days=1))
    initial = {name: getattr(chosen, name) for name in ("answer_days", "town_answer_days", "appeal_days")}
    form = HandlingForm(request.POST or None, initial={**initial, "investigated_by": list(chosen.bodies)})
    if request.method == "POST" and form.is_valid():
        try:
            policies.set_handling(**form.cleaned_data, by=Actor.of(request.user))
        except JifenError as error:
            form.add_error_from(error)
        else:
            messages.success(request, "已保存，从明天起提出的异议按这个办。")
            return redirect("reporting:office-objections")
    return shown(request, "office", "handling", {"form": form}, form)


def _form(request: HttpRequest, found: Objection, way: Way | None) -> Any:
    data = request.POST or None
    wrong = _declaration(found)
    before = found.opinions.select_related("household", "resident").last() if way is not None and way.is_open else None
    if wrong is not None:
        return CorrectingForm(data, declaration=wrong, before=before)
    return AnswerForm(data, entries=_entries(found), before=before)


def _declaration(found: Objection) -> Any:
    return found.posting.declaration if found.posting else found.declaration


def _corrects(form: Any) -> bool:
    return isinstance(form, CorrectingForm)


def _is_asked(way: Way | None) -> bool:
    """In a flow only at her turn; elsewhere every investigator."""
    return way is None or not way.is_open or way.is_turn


def _told(pk: int) -> str:
    done = Objection.objects.get(pk=pk).answered_at is not None
    return "答复已经记下，提出异议的住户看得到。" if done else "您的意见已经记下，流程继续往下走。"


def _answered(request: HttpRequest, found: Objection, form: Any, way: Way | None) -> bool:
    data = form.cleaned_data
    act = inquiry.speak if way is not None and way.is_open else answers.answer
    try:
        act(
            objection=found,
            upheld=data["verdict"] != "dismissed",
            finding=data["finding"],
            posting=postings.by_id(whole(data.get("entry") or "") or 0),
            correction=_correction(form, found) if data["verdict"] == "corrected" else None,
            evidence=evidence_of(request),
            by=Actor.of(request.user),
        )
    except JifenError as error:
        form.add_error_from(error)
        return False
    return True


def _correction(form: CorrectingForm, found: Objection) -> Correction:
    """Raises:
    HouseholdUnknown, PersonUnknown: nobody of that number or name.
    """
    data, wrong = form.cleaned_data, _declaration(found)
    household = community.household_by_number(data["household"] or wrong.household.number)
    person = postings.person(household, data["person"], wrong.happened_on)
    return Correction(household, person, form.facts(wrong.evidence.values_list("file_id", flat=True)))


def _facts(found: Objection, seen: Seen) -> list[tuple[str, Any]]:
    dates = [
        ("回执编号", seen.number),
        ("提出方式", seen.channel),
        ("提出日期", date_cn(seen.raised_on)),
        ("答复期限", date_cn(seen.answer_by)),
    ]
    if not seen.text:
        return dates
    notice = [("所涉公示", found.notice.title)] if found.notice else []
    return [("户号", seen.household), *dates, *notice]


def _receipt(request: HttpRequest, found: Objection, seen: Seen) -> str:
    """For those who look into it and whoever entered it."""
    entered = found.actor_id == request.user.pk and found.actor_realm == Actor.of(request.user).realm
    return addresses.receipt(found) if seen.is_mine or entered else ""


def _entries(found: Objection) -> list[tuple[str, str]]:
    """What could be corrected when a whole notice was questioned: the lines of the objector's household first."""
    if found.notice is None or found.posting_id:
        return []
    rows = [row for row in found.notice.snapshot.get("changes", []) if not row["title"].startswith("更正")]
    rows.sort(key=lambda row: row["household"] != found.household_id)
    return [(str(row["posting"]), f"{row['number']} {row['date']} {row['title']} {row['points']}分") for row in rows]
