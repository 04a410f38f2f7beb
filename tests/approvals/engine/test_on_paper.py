"""What people signed on a sheet, entered by somebody else: it is theirs, dated, and each is told of it."""

from datetime import date, timedelta
from typing import Any

from jifen.accounts.models import SiteRole
from jifen.approvals import errors, services
from jifen.approvals.models import Item, ItemState, Word
from jifen.inbox.models import Message
from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM, Actor
from jifen.web.wording import date_cn
from tests.approvals.engine.desk import Desk, step, vote
from tests.approvals.engine.test_operations import refused
from tests.scoring.desk import photo


def paper(item: Item, words: list[services.PaperWord], scan: Any, day: date, by: Actor) -> Item:
    return services.decide_on_paper(item=item, words=words, scan=scan, signed_on=day, by=by)


def test_what_was_signed_on_paper_is_entered_with_its_scan(desk: Desk) -> None:
    jia, yi, bing = desk.people("甲", "乙", "丙")
    officer, item = desk.person("经办", SiteRole.TOWN_OFFICER), desk.start(vote(jia, yi, bing))
    words = [services.PaperWord(jia.id, "approve"), services.PaperWord(yi.id, "approve")]
    scan, day = photo("ready"), clock.today()
    refused(errors.NotInvolved, item, lambda: paper(item, words, scan, day, jia))
    refused(errors.SignedLater, item, lambda: paper(item, words, scan, day + timedelta(days=1), officer))
    refused(errors.PaperMissing, item, lambda: paper(item, words, photo("expected"), day, officer))
    refused(errors.NotYours, item, lambda: paper(item, [services.PaperWord(officer.id, "approve")], scan, day, officer))
    assert paper(item, words, scan, day, officer).state == ItemState.APPROVED
    said = Word.objects.filter(item=item, kind="approve").values_list("actor_id", "speaker_id", "data__scan")
    assert list(said) == [(officer.id, jia.id, scan.pk), (officer.id, yi.id, scan.pk)]


def test_nobody_has_signed_before_there_was_anything_to_sign(desk: Desk) -> None:
    jia, yi = desk.people("甲", "乙")
    item, scan = desk.start(step(jia), step(yi)), photo("ready")
    Item.objects.filter(pk=item.pk).update(started_at=clock.now() - timedelta(days=3))
    before, start, between, day = [clock.today() - timedelta(days=one) for one in (4, 3, 2, 1)]
    told = refused(errors.SignedEarlier, item, lambda: signed(item, scan, before, jia))
    assert told.field == "signed_on" and "这件事发起" in told.message and date_cn(start) in told.message
    signed(item, scan, day, jia)
    told = refused(errors.SignedEarlier, item, lambda: signed(item, scan, between, yi))
    assert "“甲”表态" in told.message and date_cn(day) in told.message
    assert signed(item, scan, day, yi).state == ItemState.APPROVED


def test_what_is_wrong_with_a_word_on_paper_is_said_of_whose_word_it_is(desk: Desk) -> None:
    jia, yi, bing = desk.people("甲", "乙", "丙")
    item, scan, day = desk.say(desk.start(step(jia, yi, how="all")), jia), photo("ready"), clock.today()
    told = refused(errors.AlreadyDecided, item, lambda: signed(item, scan, day, jia))
    assert (told.message, told.field) == ("这一步甲已经表过态，不能再录入。", "words")
    assert "不由丙办理" in refused(errors.NotYours, item, lambda: signed(item, scan, day, bing)).message
    desk.deed.near = {yi.id}
    assert "乙需要回避" in refused(errors.Recused, item, lambda: signed(item, scan, day, yi)).message


def signed(item: Item, scan: Any, day: date, *people: Actor) -> Item:
    return paper(item, [services.PaperWord(one.id, "approve") for one in people], scan, day, SYSTEM)


def test_each_in_whose_name_it_was_entered_is_told_once(desk: Desk) -> None:
    jia, yi = desk.people("甲", "乙")
    officer = desk.person("经办", SiteRole.TOWN_OFFICER)
    item, day, scan = desk.start(step(jia, yi, officer, how="all")), clock.today(), photo("ready")
    words = [services.PaperWord(jia.id, "approve"), services.PaperWord(yi.id, "reject", "不实")]
    paper(item, [*words[:1], services.PaperWord(officer.id, "approve")], scan, day, officer)
    paper(item, words[1:], scan, day, officer)
    told = Message.objects.filter(key__startswith="approval.paper.").order_by("user_id")
    assert [(one.user_id, one.kind, one.address) for one in told] == [
        (who.id, "approval_news", f"/work/{item.pk}/") for who in (jia, yi)
    ]
    assert [word in one.body for one, word in zip(told, ("“同意”", "“不同意”"), strict=True)] == [True, True]
    assert date_cn(day) in told[0].body and "由经办录入" in told[0].body
    refused(errors.Finished, item, lambda: paper(item, words[1:], scan, day, officer))
    assert told.count() == 2
