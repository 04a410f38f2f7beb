"""A draft becomes a version: handed in, decided by the town's flow, dated, taken over or withdrawn.

    submitted ──► approved ──► in_force ──► superseded
        └────────────┴────────────┴──► withdrawn

What is handed in is sealed. A version that waits for its day is ``in_force`` with that day ahead of it.
"""

from datetime import date, timedelta
from typing import Any

from django.db import connection, transaction

from jifen.approvals import machine, registry
from jifen.approvals import selectors as flows
from jifen.approvals import services as approvals
from jifen.approvals.services import active_flow
from jifen.audit import services as audit
from jifen.kernel import clock
from jifen.kernel.actors import Actor
from jifen.web.wording import date_cn, month_cn
from scoring import errors as scoring_errors
from scoring import locks, policies
from scoring import rulebook_errors as errors
from scoring.models import Draft, DraftState, RulebookVersion, VersionState
from scoring.selectors import drafts as seen
from scoring.selectors import endings
from scoring.selectors import rulebooks as books
from scoring.services import rule_rows, rulebook_news

VILLAGE_KIND = "rulebook"
TOWN_KIND = "town_rulebook"


@transaction.atomic
def submit(
    *, draft: Draft, effective_from: date, effective_to: date | None = None, resolution: str = "", by: Actor
) -> RulebookVersion:
    """Hand a draft in: its rules are written down for good and go through the town's flow.

    ``effective_to``: the first day on which it no longer holds. ``resolution``: the paper it rests on; a village's may
    be left out and is then its meeting's. Where the town only files what a village's meeting resolved, and where a flow
    asks nobody, it is approved and dated at once.

    Raises:
        DraftClosed, NotChecked, NotTried, FindingsOpen, DraftUnfinished, BasisMissing. ResolutionMissing,
        AssemblyMissing, DeliberationMissing: of a village's. MonthClosed, VersionDates.
    """
    book = locks.book(draft.rulebook_id)
    held = locks.draft(draft.pk)
    _check_stage(held)
    basis = _basis(held, resolution)
    _check_town(held.base if seen.is_village(held) else None, effective_from)
    _check_dates(book.pk, effective_from, effective_to)
    rule_rows.check_newest(book, effective_from)
    version = _written(held, effective_from, effective_to, basis, by)
    held.state, held.note = DraftState.SUBMITTED, ""
    held.save(update_fields=["state", "note"])
    audit.record(by=by, action="rulebook.submit", subject=version, village_id=book.village_id, number=version.number)
    kind, facts = VILLAGE_KIND if book.village_id else TOWN_KIND, facts_of(version)
    if facts["resolved"] and facts["consent"] == "filing":
        approve(version=version, by=by)
    item = approvals.start(subject_kind=kind, subject_id=version.pk, village_id=book.village_id, facts=facts, by=by)
    version.refresh_from_db()
    if item is None and version.state == VersionState.SUBMITTED:
        approve(version=version, by=by)
        version.refresh_from_db()
    return version


@transaction.atomic
def approve(*, version: RulebookVersion, by: Actor) -> RulebookVersion:
    """The last word of the flow: dated as it was asked for, if that day is still possible; else the office sets one.

    Raises:
        VersionNotApproved: nobody waits for it any more.
    """
    held = locks.version(version.pk)
    if held.state != VersionState.SUBMITTED:
        raise errors.VersionNotApproved
    held.state = VersionState.APPROVED
    held.save(update_fields=["state"])
    held.rulebook.drafts.filter(versions=held).update(state=DraftState.APPROVED)
    audit.record(by=by, action="rulebook.approve", subject=held, village_id=held.rulebook.village_id)
    try:
        with transaction.atomic():
            return put_in_force(version=held, effective_from=held.effective_from, by=by)
    except (errors.MonthClosed, errors.TownVersionGone, scoring_errors.VersionDates):
        rulebook_news.tell_day_wanted(held)
        return held


@transaction.atomic
def refuse(*, version: RulebookVersion, reason: str, by: Actor) -> RulebookVersion:
    """The flow refused it, or it was taken back: the version ends unbegun, its draft is open again with the words.

    Raises:
        VersionNotApproved.
    """
    held = locks.version(version.pk)
    if held.state != VersionState.SUBMITTED:
        raise errors.VersionNotApproved
    _end_unbegun(held, reason)
    held.rulebook.drafts.filter(versions=held).update(state=DraftState.OPEN, note=reason[:300])
    audit.record(by=by, action="rulebook.refuse", subject=held, village_id=held.rulebook.village_id)
    rulebook_news.tell_refused(held, reason)
    return held


@transaction.atomic
def put_in_force(*, version: RulebookVersion, effective_from: date, by: Actor) -> RulebookVersion:
    """Date an approved version; the one in force until then ends on that day. Deeds keep the version of their date.

    Raises:
        VersionNotApproved: it is not approved, or dated already. MonthClosed: a month from that day on is closed where
        it would hold. VersionDates: a version begins on that day or later.
    """
    held = locks.version(version.pk)
    if held.state != VersionState.APPROVED:
        raise errors.VersionNotApproved
    _check_town(held.town_version, effective_from)
    _check_dates(held.rulebook_id, effective_from, held.effective_to)
    enact(held, effective_from)
    audit.record(
        by=by, action="rulebook.put_in_force", subject=held, village_id=held.rulebook.village_id, day=effective_from
    )
    rulebook_news.announce(held)
    return held


@transaction.atomic
def withdraw(*, version: RulebookVersion, reason: str, day: date | None = None, by: Actor) -> RulebookVersion:
    """Withdraw a version: one that has not begun at once, one in force from ``day`` on (tomorrow, if nothing is said).

    What is handed in is taken back from its flow; an administrator ends what somebody else handed in. The version
    before one that had not begun goes on as it would have.

    Raises:
        WithdrawReasonMissing, VersionOver, WithdrawDay, MonthClosed. NotStarter: another person's item in a flow.
        Recused, ActForbidden: an administrator ends no item that concerns her, or that knows no end.
    """
    words = reason.strip()
    if not 5 <= len(words) <= 200:
        raise errors.WithdrawReasonMissing
    held = locks.version(version.pk)
    item = flows.open_item(VILLAGE_KIND if held.rulebook.village_id else TOWN_KIND, held.pk)
    if held.state == VersionState.SUBMITTED and item is not None:
        ends = flows.administers(by) and not item.is_started_by(by)
        (approvals.terminate if ends else approvals.withdraw)(item=item, reason=words, by=by)
        held.refresh_from_db()
        return held
    _withdrawn(held, words, day)
    rulebook_news.plan_end(held)
    audit.record(by=by, action="rulebook.withdraw", subject=held, village_id=held.rulebook.village_id)
    rulebook_news.tell_withdrawn(held)
    return held


@transaction.atomic
def extend(*, version: RulebookVersion, until: date, resolution: str, by: Actor) -> RulebookVersion:
    """Let a version that has an end hold longer, until ``until`` (the first day without it); what holds then.

    One that has ended goes on from its end. Where a month is closed since, or the village had the town's rules, the
    same rules begin again as the next version, on ``endings.resumes_on``.

    Raises:
        NothingToExtend: it has no end, was followed or withdrawn, or ends later. BasisMissing, MonthClosed.
        VersionDates: another version begins before. TownVersionGone: the town's rules under it are others by now.
    """
    held = locks.version(version.pk)
    end = held.effective_to
    if held.state != VersionState.IN_FORCE or end is None:
        raise errors.NothingToExtend
    since = endings.resumes_on(held, clock.today())
    if until <= since:
        raise errors.NothingToExtend(f"新的最后一天不能早于{date_cn(since)}，请写更晚的一天。", day=since)
    if not 0 < len(resolution.strip()) <= 200:
        raise errors.BasisMissing
    later = endings.begins_before(held, until)
    if later is not None:
        raise scoring_errors.VersionDates(day=later.effective_from)
    note = f"延期至{date_cn(until - timedelta(days=1))}：{resolution.strip()}"[:200]
    was_over = end <= clock.today()
    made = _longer(held, until, note) if since == end else _again(held, since, until, note, by)
    audit.record(by=by, action="rulebook.extend", subject=made, village_id=made.rulebook.village_id, until=until)
    if was_over:
        rulebook_news.tell_extended(made, since)
    return made


def enact(held: RulebookVersion, day: date) -> None:
    """The version, held with its book, is in force from ``day``; the calendar knows. VersionDates."""
    held.earlier_end = rule_rows.end_the_earlier(held.rulebook, day)
    held.state, held.effective_from, held.enacted_at = VersionState.IN_FORCE, day, clock.now()
    held.save(update_fields=["state", "effective_from", "enacted_at", "earlier_end"])
    rulebook_news.plan(held)


def end_unbegun(held: RulebookVersion, words: str) -> None:
    """A version that waits for its day, held with its book, ends without days; the one before it goes on."""
    _give_back(held)
    _end_unbegun(held, words)


def flow_asks_meeting() -> bool:
    """Whether the town's flow asks the meeting itself where its resolution is not written down beforehand."""
    definition, kinds = active_flow(VILLAGE_KIND).definition, registry.facts_of(VILLAGE_KIND)
    with_it, without = (
        machine.walk(definition, (), {}, machine.Facts({"resolved": one}, kinds)).waiting for one in (True, False)
    )
    return bool(without) and without != with_it


def facts_of(version: RulebookVersion) -> dict[str, Any]:
    """What the conditions of a flow may look at."""
    overlay = books.overlay_of(version)
    draft = version.draft
    return {
        "consent": policies.on(clock.today()).rules.consent,
        "resolved": draft is not None and seen.resolution_of(draft) is not None,
        "charter": draft is not None and draft.is_charter,
        "changed": len(overlay.changes),
        "added": len(overlay.own),
    }


def _check_stage(held: Draft) -> None:
    if held.state in (DraftState.SUBMITTED, DraftState.APPROVED, DraftState.DISCARDED):
        raise errors.DraftClosed
    waiting = seen.open_findings(held).count()
    if waiting:
        raise errors.FindingsOpen(count=waiting)
    if held.state == DraftState.OPEN:
        raise errors.NotChecked
    if held.state == DraftState.CHECKED or seen.trial_of(held) is None:
        raise errors.NotTried


def _basis(held: Draft, resolution: str) -> str:
    """The paper it rests on; of a village's draft a meeting has to have passed it as it is."""
    words = resolution.strip()
    if seen.is_village(held):
        passed = seen.resolution_of(held)
        if passed is None and (held.is_charter or not flow_asks_meeting()):
            raise errors.AssemblyMissing if held.is_charter else errors.ResolutionMissing
        missing = seen.missing_deliberations(held)
        if missing:
            raise errors.DeliberationMissing(steps="、".join(str(step.label) for step in missing))
        words = words or (f"{date_cn(passed.held_on)}{passed.get_meeting_display()}决议" if passed else "线上决议")
    if not 0 < len(words) <= 200:
        raise errors.BasisMissing
    return words


def _check_town(town: RulebookVersion | None, day: date) -> None:
    """A village's rules rest on a version of the town that holds, not before it does."""
    if town is None:
        return
    if town.state != VersionState.IN_FORCE or (town.effective_to is not None and town.effective_to <= day):
        raise errors.TownVersionGone
    if day < town.effective_from:
        raise errors.BeforeTown(day=town.effective_from)


def _check_dates(book: int, day: date, until: date | None) -> None:
    if until is not None and until <= day:
        raise scoring_errors.VersionDates("截止日期要晚于生效日期。", field="effective_to", day=until)
    _check_month(book, day)


def _check_month(book: int, day: date) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT scoring_closed_month(%s, %s)", [book, day])
        [month] = cursor.fetchone() or (None,)
    if month is not None:
        raise errors.MonthClosed(month=month_cn(month), day=clock.next_month(month))


def _longer(held: RulebookVersion, until: date, note: str) -> RulebookVersion:
    """The version itself, with a later end."""
    _check_month(held.rulebook_id, held.effective_to or until)
    held.effective_to, held.note = until, note
    held.save(update_fields=["effective_to", "note"])
    rulebook_news.plan(held)
    return held


def _again(held: RulebookVersion, since: date, until: date, note: str, by: Actor) -> RulebookVersion:
    """The same rules, with the same codes, as the next version; the one that ended keeps its dates."""
    _check_town(held.town_version, since)
    _check_month(held.rulebook_id, since)
    again = rule_rows.write(
        book=held.rulebook, rules=books.whole(held), by=by, effective_from=since, effective_to=until,
        resolution=note, note=note, bounds=held.bounds, town_version=held.town_version, overlay=held.overlay,
        origin_code=held.origin_code, origin_number=held.origin_number,
    )  # fmt: skip
    rule_rows.seal(again, VersionState.APPROVED)
    enact(again, since)
    return again


def _bounds(held: Draft) -> dict[str, Any]:
    """What villages may change, without items that were taken out."""
    told: dict[str, Any] = held.bounds or {}
    standing = {one.code for one in seen.bounds(held).items}
    return {**told, "items": [one for one in told["items"] if one["code"] in standing]} if "items" in told else told


def _written(held: Draft, day: date, until: date | None, basis: str, by: Actor) -> RulebookVersion:
    """The draft as a sealed version that is being decided."""
    book = seen.whole(held)
    village = seen.is_village(held)
    version = rule_rows.write(
        book=held.rulebook, rules=book, by=by, effective_from=day, effective_to=until, resolution=basis, draft=held,
        bounds={} if village else _bounds(held), town_version=held.base if village else None,
        overlay=seen.changes(held).model_dump(mode="json") if village else None,
        origin_code=held.origin_code, origin_number=held.origin_number,
    )  # fmt: skip
    rule_rows.seal(version, VersionState.SUBMITTED)
    return version


def _withdrawn(held: RulebookVersion, words: str, day: date | None) -> None:
    today = clock.today()
    if held.state in (VersionState.SUBMITTED, VersionState.APPROVED):
        _end_unbegun(held, words)
    elif held.state == VersionState.IN_FORCE and held.effective_from > today:
        end_unbegun(held, words)
    elif held.state == VersionState.IN_FORCE and (held.effective_to is None or held.effective_to > today):
        _end_on(held, day or today + timedelta(days=1), words)
    else:
        raise errors.VersionOver


def _end_unbegun(held: RulebookVersion, words: str) -> None:
    """What its flow still asks, where the town only files it, ends with it."""
    kind = VILLAGE_KIND if held.rulebook.village_id else TOWN_KIND
    approvals.end_with(subject_kind=kind, subject_id=held.pk, reason=words)
    held.state, held.effective_to, held.note = VersionState.WITHDRAWN, held.effective_from, words[:200]
    held.save(update_fields=["state", "effective_to", "note"])


def _give_back(held: RulebookVersion) -> None:
    """The version that was to end for this one goes on to the end that it had."""
    before = held.rulebook.versions.filter(state=VersionState.IN_FORCE, effective_to=held.effective_from)
    later = held.rulebook.versions.filter(state=VersionState.IN_FORCE, effective_from__gt=held.effective_from)
    begins = later.order_by("effective_from").values_list("effective_from", flat=True).first()
    ends = [one for one in (held.earlier_end, begins) if one is not None]
    _end_before(held)
    before.exclude(pk=held.pk).update(effective_to=min(ends, default=None))


def _end_before(held: RulebookVersion) -> None:
    """No days of its own any more, so that the earlier version can have them."""
    held.effective_to = held.effective_from
    held.save(update_fields=["effective_to"])


def _end_on(held: RulebookVersion, day: date, words: str) -> None:
    if day <= clock.today() or (held.effective_to is not None and day >= held.effective_to):
        raise errors.WithdrawDay(until=held.effective_to or "任何一天")
    held.state, held.effective_to, held.note = VersionState.WITHDRAWN, day, words[:200]
    held.save(update_fields=["state", "effective_to", "note"])
