"""照签字原件录入: the steward takes verdicts off the signed paper, each in the name of a chair that was there."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from jifen.audit.models import AuditRow
from jifen.files.models import File
from jifen.inbox.models import Message
from jifen.kernel.actors import SYSTEM, Actor
from jifen.web.wording import period_cn
from scoring import errors, meeting_errors
from scoring.models import Meeting, Review, ReviewItem
from scoring.services import meetings, on_paper, reviews
from scoring.services.on_paper import Said
from tenants.community.models import Resident
from tenants.community.services import relatives
from tests.scoring.desk import MONTH, Desk, photo

Browser = Callable[..., Any]


@pytest.fixture
def signed(desk: Desk) -> Review:
    """Three deeds; 李委员 and 吴委员 came, decided on paper and signed it; its scan is in."""
    for code in ("tidy", "host", "litter"):
        desk.record(code, **({"facts": {"points": Decimal(3)}} if code == "host" else {}))
    sheet = desk.sheet()
    meetings.all_came(review=sheet, by=desk.by)
    meetings.attach(review=sheet, file=photo("ready"), by=desk.by)
    return sheet


def item(sheet: Review, code: str) -> ReviewItem:
    return sheet.items.get(declaration__rule__code=code)


def said(sheet: Review, code: str, desk: Desk, verdict: str = "approved", **more: Any) -> Said:
    return Said(item(sheet, code).pk, desk.seat(more.pop("by", desk.li)).pk, verdict, **more)


def test_each_verdict_is_the_word_of_the_chair_and_says_who_entered_it(desk: Desk, signed: Review) -> None:
    lines = [
        said(signed, "tidy", desk),
        said(signed, "host", desk, "adjusted", points=Decimal(2), reason="只办了半天", by=desk.wu),
        said(signed, "litter", desk, "rejected", reason="不是这一户"),
    ]
    assert on_paper.enter(review=signed, said=lines, by=desk.by) == 3
    told: Any = signed.items.values_list("declaration__rule__code", "verdict", "points", "decided_by_name")
    assert set(told) == {
        ("tidy", "approved", 2, "李委员"), ("host", "adjusted", 2, "吴委员"), ("litter", "rejected", 0, "李委员"),
    }  # fmt: skip
    assert set(signed.items.values_list("entered_by_name", flat=True)) == {"王管理"}
    rows = AuditRow.objects.filter(action="review.enter")
    assert {(row.actor_name, row.data["decided_by"]) for row in rows} == {("王管理", "李委员"), ("王管理", "吴委员")}


def test_the_paper_stays_and_the_sheet_is_sent_up_with_it(desk: Desk, signed: Review) -> None:
    on_paper.enter(review=signed, said=[said(signed, "tidy", desk)], rest=desk.seat(desk.wu).pk, by=desk.by)
    assert Meeting.objects.get().paper_id and not signed.items.filter(verdict="pending").exists()
    assert reviews.close_on_paper(review=signed, by=desk.by).state == "sent"


def test_without_the_paper_nothing_is_entered(desk: Desk) -> None:
    desk.record("tidy")
    sheet = desk.sheet()
    meetings.all_came(review=sheet, by=desk.by)
    with pytest.raises(meeting_errors.PaperFirst):
        on_paper.enter(review=sheet, said=[said(sheet, "tidy", desk)], by=desk.by)


def test_who_was_not_there_has_decided_nothing(desk: Desk) -> None:
    desk.record("tidy")
    sheet = desk.sheet()
    for user, presence in ((desk.li, "absent"), (desk.wu, "present")):
        meetings.attend(review=sheet, role=desk.seat(user), presence=presence, by=desk.by)
    meetings.attach(review=sheet, file=photo("ready"), by=desk.by)
    with pytest.raises(meeting_errors.DeciderAbsent):
        on_paper.enter(review=sheet, said=[said(sheet, "tidy", desk)], by=desk.by)


def test_who_stands_back_cannot_be_named_and_nothing_else_is_entered(desk: Desk, signed: Review) -> None:
    _kin(desk)
    lines = [said(signed, "host", desk, by=desk.wu), said(signed, "tidy", desk)]
    with pytest.raises(meeting_errors.DeciderBarred, match="李委员须回避"):
        on_paper.enter(review=signed, said=lines, by=desk.by)
    assert not signed.items.exclude(verdict="pending").exists()
    assert on_paper.enter(review=signed, said=[], rest=desk.seat(desk.li).pk, by=desk.by) == 0
    assert on_paper.enter(review=signed, said=[], rest=desk.seat(desk.wu).pk, by=desk.by) == 3


def test_a_substitutes_word_is_hers(desk: Desk) -> None:
    desk.record("tidy")
    sheet, other = desk.sheet(), desk.cast.household(name="钱七")
    seat = desk.seat(desk.li)
    meetings.attend(review=sheet, role=seat, presence="substitute", substitute=desk.head(other), by=desk.by)
    meetings.attach(review=sheet, file=photo("ready"), by=desk.by)
    on_paper.enter(review=sheet, said=[said(sheet, "tidy", desk)], by=desk.by)
    row = item(sheet, "tidy")
    assert (row.decided_by_name, row.decided_by_resident) == ("钱七", desk.head(other))


def test_each_chair_hears_once_of_every_entering_in_its_name(desk: Desk, signed: Review) -> None:
    lines = [said(signed, "tidy", desk), said(signed, "host", desk, "adjusted", points=Decimal(2), reason="半天")]
    on_paper.enter(review=signed, said=lines, rest=desk.seat(desk.wu).pk, by=desk.by)
    told = Message.objects.filter(kind=on_paper.KIND)
    assert {(one.user_id, one.body.partition("。")[0]) for one in told} == {
        (desk.li.pk, "王管理照签字原件录入您定的2件"), (desk.wu.pk, "王管理照签字原件录入您定的1件"),
    }  # fmt: skip
    assert {one.address for one in told} == {reverse("scoring:meeting", args=[signed.pk])}
    assert all(f"石岭岗村{period_cn(MONTH)}审核表" in one.title for one in told)
    on_paper.enter(review=signed, said=[said(signed, "tidy", desk, "rejected", reason="看错一行")], by=desk.by)
    assert (told.filter(user=desk.li).count(), told.filter(user=desk.wu).count()) == (2, 1)


def test_where_nothing_is_entered_nobody_hears_of_it(desk: Desk, signed: Review) -> None:
    lines = [said(signed, "tidy", desk), Said(0, desk.seat(desk.wu).pk, "approved")]
    with pytest.raises(meeting_errors.ItemElsewhere):
        on_paper.enter(review=signed, said=lines, by=desk.by)
    on_paper.enter(review=signed, said=[], rest=desk.seat(desk.li).pk, by=desk.by)
    on_paper.enter(review=signed, said=[], rest=desk.seat(desk.wu).pk, by=desk.by)
    assert [one.user_id for one in Message.objects.filter(kind=on_paper.KIND)] == [desk.li.pk]


def test_a_substitute_hears_of_it_and_sees_the_paper(desk: Desk, client_for: Browser) -> None:
    desk.record("tidy")
    sheet, other = desk.sheet(), desk.cast.household(name="钱七")
    user = desk.cast.villager(other)
    seat = desk.seat(desk.li)
    meetings.attend(review=sheet, role=seat, presence="substitute", substitute=desk.head(other), by=desk.by)
    meetings.attach(review=sheet, file=photo("ready"), by=desk.by)
    on_paper.enter(review=sheet, said=[said(sheet, "tidy", desk)], by=desk.by)
    told = Message.objects.get(kind=on_paper.KIND)
    assert told.user_id == user.pk and "查看签字原件" in client_for(user).get(told.address).content.decode()


def test_what_a_member_decided_herself_is_not_overwritten(desk: Desk, signed: Review) -> None:
    reviews.decide(item=item(signed, "tidy"), verdict="approved", by=Actor.of(desk.wu))
    meetings.attach(review=signed, file=File.objects.get(), by=desk.by)
    with pytest.raises(meeting_errors.DecidedAlready, match="吴委员"):
        on_paper.enter(review=signed, said=[said(signed, "tidy", desk)], by=desk.by)


def test_what_was_entered_wrongly_is_entered_again_or_decided_anew(desk: Desk, signed: Review) -> None:
    on_paper.enter(review=signed, said=[said(signed, "tidy", desk)], by=desk.by)
    on_paper.enter(review=signed, said=[said(signed, "tidy", desk, "rejected", reason="看错一行")], by=desk.by)
    assert item(signed, "tidy").verdict == "rejected"
    reviews.decide(item=item(signed, "tidy"), verdict="approved", by=Actor.of(desk.wu))
    assert item(signed, "tidy").entered_by_name == "" and not Meeting.objects.get().paper_id


def test_the_rules_of_a_verdict_hold_on_paper_too(desk: Desk, signed: Review) -> None:
    with pytest.raises(errors.AdjustedOutOfBounds):
        on_paper.enter(
            review=signed, said=[said(signed, "host", desk, "adjusted", points=Decimal(9), reason="多")], by=desk.by
        )
    with pytest.raises(errors.VerdictReasonMissing):
        on_paper.enter(review=signed, said=[said(signed, "host", desk, "rejected")], by=desk.by)
    far = desk.record("tidy", happened_on=MONTH)
    with pytest.raises(meeting_errors.ItemElsewhere):
        on_paper.enter(review=signed, said=[Said(far.pk + 10_000, desk.seat(desk.li).pk, "approved")], by=desk.by)


def test_the_steward_enters_them_on_one_page(desk: Desk, signed: Review, client_for: Browser) -> None:
    _kin(desk)
    browser, here = client_for(desk.steward), reverse("scoring:sheet_on_paper", args=[signed.pk])
    assert here in browser.get(reverse("scoring:meeting", args=[signed.pk])).content.decode()
    live = browser.get(reverse("scoring:meeting", args=[signed.pk]), headers={"HX-Request": "true"}).content.decode()
    assert "已上传的签字原件就不算数" in live
    page = browser.get(here).content.decode()
    assert "庭院整洁" in page and f'value="{desk.seat(desk.li).pk}"' not in page.partition('name="rest"')[0]
    tidy, litter, wu = item(signed, "tidy").pk, item(signed, "litter").pk, desk.seat(desk.wu).pk
    form = {
        f"i{tidy}-verdict": "approved",
        f"i{tidy}-role": wu,
        f"i{litter}-verdict": "rejected",
        f"i{litter}-role": wu,
    }
    nobody = browser.post(here, {f"i{tidy}-verdict": "approved", f"i{tidy}-role": ""})
    assert nobody.status_code == 422 and "请选择是到会的哪一位定的" in nobody.content.decode()
    refused = browser.post(here, form)
    assert refused.status_code == 422 and "要写明理由" in refused.content.decode()
    assert not signed.items.exclude(verdict="pending").exists()
    browser.post(here, form | {f"i{litter}-reason": "不是这一户", "rest": wu})
    assert sorted(signed.items.values_list("verdict", flat=True)) == ["approved", "approved", "rejected"]
    assert "王管理照签字原件录入" in browser.get(reverse("scoring:sheet_item", args=[signed.pk, tidy])).content.decode()


def test_the_page_is_for_the_steward_and_waits_for_the_paper(desk: Desk, client_for: Browser) -> None:
    desk.record("tidy")
    sheet = desk.sheet()
    here = reverse("scoring:sheet_on_paper", args=[sheet.pk])
    assert "现在不能录入" in client_for(desk.steward).get(here).content.decode()
    assert client_for(desk.li).get(here).status_code == 403
    far = desk.cast.steward(desk.cast.village("李家村"), "远管理")
    assert client_for(far).get(here).status_code == 404


def test_the_same_by_program(desk: Desk, signed: Review, api_client: Browser) -> None:
    address = f"/api/v1/review-meetings/{signed.pk}/verdicts/"
    role = desk.seat(desk.li).pk
    lines = [{"item": item(signed, "litter").pk, "role": role, "verdict": "rejected", "reason": "不是这一户"}]
    answer = api_client(desk.steward).post(address, {"said": lines, "rest": role}, format="json")
    assert (answer.status_code, answer.json()) == (200, {"count": 3})
    told = api_client(desk.steward).get(f"/api/v1/review-items/{lines[0]['item']}/").json()
    assert (told["decided_by_name"], told["entered_by_name"]) == ("李委员", "王管理")


def _kin(desk: Desk) -> None:
    """李委员 is a sister of 张三, whose deeds these are."""
    member = Resident.objects.get(user=desk.li)
    relatives.declare(resident=member, other=desk.head(), kind="sibling", on=MONTH, by=SYSTEM)


def test_who_stands_back_enters_no_word_on_it(desk: Desk, signed: Review, client_for: Browser) -> None:
    steward = Resident.objects.get(user=desk.by.id)
    relatives.declare(resident=steward, other=desk.head(), kind="sibling", on=MONTH, by=SYSTEM)
    with pytest.raises(meeting_errors.EntererBarred):
        on_paper.enter(review=signed, said=[said(signed, "litter", desk, "rejected", reason="不是")], by=desk.by)
    assert on_paper.enter(review=signed, said=[], rest=desk.seat(desk.li).pk, by=desk.by) == 0
    shown = client_for(desk.steward).get(reverse("scoring:sheet_on_paper", args=[signed.pk])).content.decode()
    assert "不由您录入" in shown
    assert not signed.items.exclude(verdict="pending").exists()
