"""A new township: asked for by the provider, made by the owner's worker, furnished from its scheme.

    request ──► provision (schema, owner role) ──► furnish (scheme, villages, year, clocks, administrator) ──► ready

Each step can be run again. The first password of the town's administrator is shown once to the provider
(``take_first_password``) and kept sealed until then.
"""

import re
import secrets
from collections.abc import Callable
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from jifen.accounts import services as accounts
from jifen.accounts.models import SiteRole
from jifen.approvals import catalog, registry
from jifen.approvals import services as approvals
from jifen.approvals.definition import Definition
from jifen.audit import services as audit
from jifen.flows import close_year, errors
from jifen.kernel import clock, crypto
from jifen.kernel.actors import SYSTEM, Actor
from jifen.kernel.errors import JifenError
from jifen.kernel.tenancy import PUBLIC, require_town
from redemption import policies as redemption_policies
from reporting import policies as reporting_policies
from scoring import policies as scoring_policies
from scoring.rules import findings, library
from scoring.rules.spec import Scheme
from scoring.services import rulebooks
from tenants.community import policies as community_policies
from tenants.community.errors import ContactWrong
from tenants.community.services import contacts, profile, villages
from tenants.models import District, Domain, Provisioning, Town, TownState

_PLACE = "tenants_provisioning.first_password"
MOST_VILLAGES = 999
_KEPT_HOSTS = """
admin api app assets auth beta cdn demo district docs help jifen localhost mail media ns1 ns2 office provider
public shop smtp static status test town village wall www
"""
RESERVED_HOSTS = frozenset(_KEPT_HOSTS.split())
"""Names that the platform needs itself or that a visitor would take for it."""
LONGEST_NAME = 60
"""As a village's row keeps it: what does not fit is refused before the town is begun."""
_PHONE_AFTER = re.compile(r"(?P<name>.*?)(?:[\s,，:：]+(?P<phone>[0-9－-]{3,20}))?")
_TEMPLATE_TOWN = re.compile(r"^[^（]{1,6}?镇")


@transaction.atomic
def request(
    *,
    district: District,
    name: str,
    code: str,
    scheme_code: str,
    host: str,
    admin_name: str,
    villages: list[str],
    by: Actor,
    phone: str = "",
    send: Callable[[Town], object] | None = None,
) -> Town:
    """Write the new town down as ``provisioning`` and set the owner's worker to it.

    Args:
        code: nine digits, the first six being the district's (GB/T 2260, GB/T 10114).
        scheme_code: one of ``scoring.rules.library.available()``.
        host: the first label of the town's host name and of its schema.
        villages: one line for each village, its name and perhaps its telephone; may be empty.
        phone: the town office's, for whoever has a question about a notice.
        send: what is done with the town when the transaction has been committed.

    Raises:
        InvalidInput, Conflict: see ``jifen.flows.errors``; nothing is written.
    """
    asked = {"name": name, "code": code, "scheme_code": scheme_code, "host": host, "admin_name": admin_name}
    for fault in faults(district=district, villages=villages, phone=phone, **asked):
        raise fault
    names, phones = _villages(villages)
    office_phone = contacts.cleaned(phone)
    town = Town.objects.create(
        schema_name=f"t_{host}",
        district=district,
        name=name.strip(),
        code=code,
        scheme_code=scheme_code,
        created_at=clock.now(),
    )
    Domain.objects.create(domain=f"{host}.{settings.BASE_DOMAIN}", tenant=town, is_primary=True)
    Provisioning.objects.create(
        town=town,
        step="已受理",
        started_at=timezone.now(),
        request={"admin_name": admin_name.strip(), "villages": names, "phones": phones, "phone": office_phone},
    )
    audit.record(by=by, action="town.request", subject=town, scheme=scheme_code)
    if send is not None:
        transaction.on_commit(lambda: send(town))
    return town


@transaction.atomic
def request_in(*, district: District | None = None, district_name: str = "", code: str, **values: Any) -> Town:
    """``request`` for a district that may not be known yet: it is then written down with its first town.

    Raises:
        DistrictUnknown: neither chosen, nor known by the town's code, nor named. Else as of ``request``.
    """
    found = district or district_of(code)
    if found is None:
        if not district_name.strip():
            raise errors.DistrictUnknown
        if not re.fullmatch(r"[0-9]{9}", code):
            raise errors.TownCodeWrong(district_code=code[:6])
        found = District.objects.create(code=code[:6], name=district_name.strip())
    return request(district=found, code=code, **values)


def district_of(code: str) -> District | None:
    """The district that a town's code names, if it is known."""
    return District.objects.filter(code=code[:6]).first()


def faults(
    *,
    district: District | None,
    name: str,
    code: str,
    scheme_code: str,
    host: str,
    admin_name: str,
    villages: list[str],
    phone: str = "",
) -> list[JifenError]:
    """All that is wrong with what is asked for, one a field; a ``district`` that is not known yet may be ``None``."""
    checks: tuple[Callable[[], object], ...] = (
        lambda: _check_name(district, name.strip()),
        lambda: _check_code(district, code),
        lambda: _check_scheme(scheme_code),
        lambda: _check_host(host),
        lambda: _check_administrator(admin_name),
        lambda: contacts.cleaned(phone),
        lambda: _villages(villages),
    )
    return [fault for check in checks if (fault := _refusal(check))]


def _refusal(check: Callable[[], object]) -> JifenError | None:
    try:
        check()
    except JifenError as fault:
        return fault
    return None


def _check_name(district: District | None, name: str) -> None:
    if not name:
        raise errors.TownNameMissing
    if district and Town.objects.filter(district=district, name=name).exists():
        raise errors.TownNameTaken(value=name)


def _check_code(district: District | None, code: str) -> None:
    begin = district.code if district else code[:6]
    if not re.fullmatch(r"[0-9]{9}", code) or not code.startswith(begin):
        raise errors.TownCodeWrong(district_code=begin)
    if Town.objects.filter(code=code).exists():
        raise errors.TownCodeTaken(value=code)


def _check_scheme(code: str) -> None:
    if code not in library.available():
        raise errors.SchemeUnknown


def _check_host(host: str) -> None:
    if not re.fullmatch(r"[a-z][a-z0-9]{1,29}", host):
        raise errors.HostWrong
    if Town.objects.filter(schema_name=f"t_{host}").exists():
        raise errors.HostTaken(value=host)
    if host in RESERVED_HOSTS:
        raise errors.HostReserved(value=host)


def _check_administrator(name: str) -> None:
    if not name.strip():
        raise errors.AdminNameMissing


def _villages(lines: list[str]) -> tuple[list[str], dict[str, str]]:
    """The names in their order, and the numbers of those that have one (石岭岗村 023-12345678).

    Raises:
        VillagesWrong, VillagePhoneWrong.
    """
    split = [_PHONE_AFTER.fullmatch(line.strip()) for line in lines if line.strip()]
    named = [(found["name"].strip(), found["phone"] or "") for found in split if found]
    names = [name for name, _ in named]
    if len(set(names)) < len(names) or len(names) > MOST_VILLAGES or any(len(name) > LONGEST_NAME for name in names):
        raise errors.VillagesWrong
    return names, {name: _phone_of(name, phone) for name, phone in named if phone}


def _phone_of(village: str, phone: str) -> str:
    try:
        return contacts.cleaned(phone)
    except ContactWrong as wrong:
        raise errors.VillagePhoneWrong(village=village, problem=wrong.message) from wrong


@transaction.atomic
def furnish(*, town: Town) -> None:
    """Inside the town's schema: everything its scheme states, its villages, its year and its administrator.

    Does nothing when the town has been furnished already.
    """
    require_town()
    if town.state != TownState.PROVISIONING:
        return
    scheme = library.load(town.scheme_code)
    start = date(clock.today().year, 1, 1)
    wanted = Provisioning.objects.get(town=town).request
    office = scheme.policy.organisation.town_office
    profile.set_up(name=town.name, office_name=office, phone=wanted.get("phone", ""), by=SYSTEM)
    _install(_of_town(scheme, town), start)
    phones = wanted.get("phones", {})
    for number, name in enumerate(wanted["villages"], start=1):
        villages.add(code=f"{town.code}{number:03d}", name=name, phone=phones.get(name, ""), by=SYSTEM)
    close_year.begin(number=start.year, by=SYSTEM, since=clock.today())
    password = _administrator(town, wanted["admin_name"])
    _finish(town, password)


def scheme_title(code: str) -> str:
    """A template's name as people choose it."""
    return library.load(code).title


def _of_town(scheme: Scheme, town: Town) -> Scheme:
    """The template under the town's own name; what the law guards is off until somebody signs for it."""
    return findings.guarded(scheme).model_copy(update={"title": town.name + _TEMPLATE_TOWN.sub("", scheme.title)})


def _install(scheme: Scheme, start: date) -> None:
    """The scheme's sections, each to the room it belongs to."""
    policy = scheme.policy.model_dump(mode="json")
    terms: dict[str, Any] = {"effective_from": start, "by": SYSTEM}
    community_policies.install(section={key: policy[key] for key in ("eligibility", "participation")}, **terms)
    rules = {"consent": "consent" if scheme.policy.revision.town_consent else "filing"}
    chosen = {key: policy[key] for key in ("review", "recording", "year")}
    scoring_policies.install(section=chosen | {"rules": rules}, **terms)
    redemption_policies.install(section={key: policy[key] for key in ("redemption", "funds")}, **terms)
    reporting_policies.install(
        section={key: policy[key] for key in ("notice", "objection", "lists", "honours", "benefits", "reports")},
        **terms,
    )
    rulebooks.install(
        scheme=scheme,
        village=None,
        effective_from=start,
        effective_to=_day_after(scheme.effective_to, start),
        resolution=scheme.title,
        by=SYSTEM,
    )
    for subject_kind, definition in standard_flows(scheme).items():
        approvals.install(subject_kind=subject_kind, steps=definition, by=SYSTEM)


def _day_after(last: date | None, start: date) -> date | None:
    """The first day the rulebook is no longer in force; open when the scheme had ended before the town began."""
    return last + timedelta(days=1) if last and last > start else None


def standard_flows(scheme: Scheme) -> dict[str, Definition]:
    """The flows a town starts with: those of its scheme's template; the month's quorum is what the policy says.

    A town that only files a month (备案 decides nothing) needs no flow for it: the office answers in one word. What a
    room can decide without a flow begins without one; the template offers it.
    """
    template = catalog.for_scheme(scheme.code)
    quorum = Fraction(scheme.policy.review.quorum).limit_denominator(10)  # 0.67 means two thirds
    unused = {"filing"} if scheme.policy.review.after == "filing" else set()
    unused |= {kind.kind for kind in registry.kinds() if kind.without}
    wanted = [kind.kind for kind in registry.kinds() if kind.kind in template.flows and kind.kind not in unused]
    flows = {kind: template.flows[kind] for kind in wanted}
    return flows | {"review": catalog.with_quorum(flows["review"], quorum.numerator, quorum.denominator)}


def _administrator(town: Town, name: str) -> str:
    password = secrets.token_urlsafe(9)
    user = accounts.create(username="admin", display_name=name, password=password, must_change_password=True, by=SYSTEM)
    accounts.grant_role(user=user, role=SiteRole.TOWN_ADMIN, by=SYSTEM)
    return password


def _finish(town: Town, password: str) -> None:
    Town.objects.filter(pk=town.pk, state=TownState.PROVISIONING).update(state=TownState.READY)
    made = Provisioning.objects.get(town=town)
    made.step, made.percent, made.problem, made.finished_at = "已开通", 100, "", timezone.now()
    made.request["first_password"] = crypto.seal(password, schema=PUBLIC, place=_PLACE)
    made.save()
    audit.record(by=SYSTEM, action="town.ready", subject=None)


@transaction.atomic
def take_first_password(*, town: Town, by: Actor) -> str | None:
    """The administrator's first password, once; ``None`` when it has been taken already."""
    made = Provisioning.objects.select_for_update().get(town=town)
    sealed = made.request.pop("first_password", None)
    if sealed is None:
        return None
    made.save()
    audit.record(by=by, action="town.first_password", subject=town)
    return crypto.unseal(sealed, schema=PUBLIC, place=_PLACE)
