"""流程设置: from the template to the version in force, without a line of code."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from jifen.approvals import services
from jifen.approvals.models import Activation, Flow, FlowDraft
from jifen.kernel import clock
from jifen.kernel.actors import SYSTEM, Actor
from tests.approvals.deeds import ADMIN, OFFICER, Deed, started
from tests.cast import Cast

Browser = Callable[..., Any]
STEP = {
    "rows": "1", "name": "村级核实", "who_0": "role:steward", "level_0": "village", "weight_0": "1", "how": "any",
    "share": "half", "then": "remind", "empty": "office", "joiner": "||",
    **{f"{part}_{n}": "" for part in ("fact", "value") for n in range(3)}, **{f"sign_{n}": ">=" for n in range(3)},
}  # fmt: skip


def url(name: str, *args: Any) -> str:
    return reverse(f"approvals:{name}", args=args or ["deed"])


@pytest.fixture
def browser(cast: Cast, client_for: Browser, deed: Deed) -> Any:
    services.install(subject_kind="deed", steps=[OFFICER], by=SYSTEM)
    return Designer(client_for(cast.admin()))


class Designer:
    """A browser whose pages carry the revision they were shown with."""

    def __init__(self, client: Any) -> None:
        self.client, self.get = client, client.get

    def post(self, path: str, data: dict[str, Any] | None = None, **more: Any) -> Any:
        known = FlowDraft.objects.values_list("revision", flat=True).first() or 0
        return self.client.post(path, {"revision": known, **(data or {})}, **more)


def text(answer: Any) -> str:
    return str(answer.content.decode())


def saved(browser: Any) -> Flow:
    assert browser.post(url("save")).status_code == 302
    return Flow.objects.filter(subject_kind="deed").latest("version")


def names(flow: Flow) -> list[str]:
    return [step.name for step in flow.definition.all_steps()]


def test_the_list_shows_every_kind_with_its_flow(browser: Any) -> None:
    page = text(browser.get(reverse("approvals:flows")))
    assert "积分登记" in page and "第1版" in page and "经办" in page


def test_a_step_is_added_and_stays_a_draft_until_it_is_saved(browser: Any) -> None:
    answer = browser.post(url("step") + "?spot=", STEP)
    assert answer.status_code == 302
    assert "村级核实" in text(browser.get(url("designer")))
    assert Flow.objects.filter(subject_kind="deed").count() == 1
    flow = saved(browser)
    assert (names(flow), Activation.objects.filter(flow=flow).exists()) == (["村级核实", "经办"], False)


def test_a_condition_is_put_together_from_rows(browser: Any) -> None:
    rows = {"fact_0": "points", "value_0": "20", "fact_1": "points", "sign_1": "<", "value_1": "0"}
    browser.post(url("step") + "?spot=after:经办", STEP | rows)
    assert "只在分值不少于20，或者分值低于0时办" in text(browser.get(url("designer")))
    [_, step] = saved(browser).definition.all_steps()
    assert step.when == "points >= 20 || points < 0"


def test_a_value_that_is_no_number_is_refused_on_the_page(browser: Any) -> None:
    answer = browser.post(url("step") + "?spot=", STEP | {"fact_0": "points", "value_0": "很多"})
    assert answer.status_code == 422 and "要填数字" in text(answer)
    assert "还没有保存" not in text(browser.get(url("designer")))


def test_quorum_limit_substitute_and_copies_come_back_in_the_form(browser: Any) -> None:
    more: dict[str, Any] = {"how": "quorum", "share": "percent", "share_number": "60", "days": "3", "then": "escalate"}
    more |= {"to": "role:town_admin", "substitute_0": "role:committee", "copy_to": ["role:supervisor"]}
    assert browser.post(url("step") + "?key=经办", STEP | more).status_code == 302
    page = text(browser.get(url("step") + "?key=经办"))
    for told in ('name="share_number" value="60"', 'value="percent" selected', 'value="role:committee" selected'):
        assert told in page
    drawn = text(browser.get(url("designer")))
    assert "3天内办结，超时上报镇管理员" in drawn and "抄送监督员" in drawn and "不少于60%同意" in drawn


def test_one_more_row_and_a_person_found_by_name(browser: Any, cast: Cast) -> None:
    person = cast.villager(cast.household(name="李四"))
    page = text(browser.post(url("step") + "?spot=", STEP | {"more": "1", "find": "李四"}))
    assert 'name="who_1"' in page and f'value="user:{person.pk}"' in page
    browser.post(url("step") + "?spot=", STEP | {"who_0": f"user:{person.pk}", "find": "李四"})
    assert "李四，一人同意即可" in text(browser.get(url("designer")))


def test_steps_move_and_go_by_htmx(browser: Any) -> None:
    browser.post(url("step") + "?spot=", STEP)
    headers = {"HX-Request": "true"}
    part = browser.post(url("edit"), {"act": "down", "key": "村级核实"}, headers=headers)
    assert part.status_code == 200 and 'id="flow"' in text(part) and "<html" not in text(part)
    assert names(saved(browser)) == ["经办", "村级核实"]
    browser.post(url("begin"), {"version": "2"})
    browser.post(url("edit"), {"act": "remove", "key": "经办"}, headers=headers)
    assert names(saved(browser)) == ["村级核实"]


def test_the_last_step_cannot_go(browser: Any) -> None:
    part = browser.post(url("edit"), {"act": "remove", "key": "经办"}, headers={"HX-Request": "true"})
    assert "没有改成" in text(part) and "至少要有一步" in text(part)


def test_a_fork_gets_its_paths_conditions_and_steps(browser: Any) -> None:
    browser.post(url("edit"), {"act": "choose", "spot": "after:经办"})
    row = {"name": "大额", "joiner": "||", **{k: v for k, v in STEP.items() if k[:4] in ("fact", "sign", "valu")}}
    browser.post(url("path") + "?key=分支&number=0", row | {"fact_0": "points", "value_0": "20"})
    browser.post(url("step") + "?spot=path:分支:0", STEP)
    browser.post(url("fork") + "?key=分支", {"name": "按分值", "kind": "choose"})
    page = text(browser.get(url("designer")))
    assert "按分值" in page and "分值不少于20" in page and "前面都不符合时" in page
    [fork] = saved(browser).definition.all_forks()
    assert (fork.key, [path.when for path in fork.paths], len(fork.paths[0].steps)) == ("分支", ["points >= 20", ""], 1)


def test_a_fork_without_any_step_is_warned_of_and_not_put_into_force(browser: Any, cast: Cast) -> None:
    browser.post(url("edit"), {"act": "parallel", "spot": "after:经办"})
    browser.post(url("fork") + "?key=分支", {"name": "两边同时看", "kind": "parallel"})
    assert 'data-code="fork_empty"' in text(browser.get(url("designer")))
    flow = saved(browser)
    version = [flow.subject_kind, flow.version]
    assert 'data-code="fork_empty"' in text(browser.get(reverse("approvals:version", args=version)))
    answer = browser.post(reverse("approvals:activate", args=version), {"running": "finish"}, follow=True)
    assert "“两边同时看”的各路都没有步骤" in text(answer) and not Activation.objects.filter(flow=flow).exists()


def test_what_it_would_stumble_over_stands_above_it(browser: Any, cast: Cast) -> None:
    cast.village()
    browser.post(url("step") + "?spot=", STEP | {"empty": "block"})
    page = text(browser.get(url("designer")))
    assert 'data-code="nobody"' in page and "在石岭岗村没有人办" in page


def test_a_template_begins_the_draft(browser: Any, cast: Cast) -> None:
    cast.village()
    browser.post(reverse("approvals:begin", args=["declaration"]), {"template": "seed_000"})
    page = text(browser.get(reverse("approvals:designer", args=["declaration"])))
    assert "所在小组组长签注" in page and "还没有保存" in page


def test_the_version_asks_what_becomes_of_items_under_way(browser: Any, cast: Cast) -> None:
    cast.officer()
    started()
    browser.post(url("step") + "?spot=", STEP | {"who_0": "role:town_admin"})
    flow = saved(browser)
    page = text(browser.get(url("version", "deed", flow.version)))
    assert "张三 打扫公共场所1" in page and "转到：村级核实" in page and "由周主任办理" in page
    browser.post(url("activate", "deed", flow.version), {"running": ""})
    assert not Activation.objects.filter(flow=flow).exists()
    browser.post(url("activate", "deed", flow.version), {"running": "move"})
    assert (Activation.objects.get(flow=flow).moved, services.active_flow("deed")) == (1, flow)


def test_what_cannot_move_is_said_with_its_reason(browser: Any, cast: Cast) -> None:
    cast.officer()
    started()
    browser.post(url("step") + "?spot=", STEP | {"who_0": "role:volunteer", "empty": "block"})
    page = text(browser.get(url("version", "deed", saved(browser).version)))
    assert "不能转" in page and "没有能办理的人" in page


def test_a_flow_goes_out_and_comes_in_as_a_file(browser: Any) -> None:
    browser.post(url("step") + "?spot=", STEP)
    file = browser.get(url("export"))
    assert "attachment" in file.headers["Content-Disposition"] and "name: 村级核实" in text(file)
    browser.post(url("begin"))
    browser.post(url("bring"), {"file": SimpleUploadedFile("flow.yaml", file.content)})
    assert "村级核实" in text(browser.get(url("designer")))


def test_a_file_is_taken_over_into_a_draft_that_is_there(browser: Any) -> None:
    browser.post(url("step") + "?spot=", STEP)
    shown = re.search(r'name="revision" value="(\d*)"', text(browser.get(url("bring"))))
    content = "kind: deed\nsteps:\n  - name: 主任审批\n    who: {role: town_admin}\n"
    sent = {"revision": shown and shown[1], "file": SimpleUploadedFile("flow.yaml", content.encode())}
    assert browser.client.post(url("bring"), sent).status_code == 302
    assert "主任审批" in text(browser.get(url("designer")))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (
            "kind: deed\nsteps:\n  - name: 一\n    who: {role: nobody}\n",
            "“一”：没有“nobody”这个职责，可以写steward（积分管理员）",
        ),
        ("kind: deed\nsteps:\n  - name: 一\n    who: {}\n", "第4行"),
        ("kind: review\nsteps:\n  - name: 一\n    who: {role: steward}\n", "这是“review”的流程"),
    ],
)
def test_a_wrong_file_is_refused_with_its_line(browser: Any, content: str, said: str) -> None:
    answer = browser.post(url("bring"), {"file": SimpleUploadedFile("flow.yaml", content.encode())})
    assert answer.status_code == 422 and said in text(answer)
    assert "还没有保存" not in text(browser.get(url("designer")))


def test_the_test_drive_names_people_recusals_and_dates(browser: Any, cast: Cast) -> None:
    steward = cast.steward()
    household = steward.resident.memberships.get().household
    cast.officer()
    browser.post(url("step") + "?spot=", STEP | {"days": "3"})
    ask = {"village": household.village_id, "fact_points": "25"}
    assert "王管理" in text(browser.get(url("drive"), ask)) and "最迟" in text(browser.get(url("drive"), ask))
    own = text(browser.get(url("drive"), ask | {"person": "王管理"}))
    assert "回避：王管理" in own and "转镇级办公室" in own and "陈经办" in own
    assert browser.get(url("drive"), ask | {"person": "没有此人"}).status_code == 422


def test_the_test_drive_knows_who_is_away(browser: Any, cast: Cast) -> None:
    steward, other = cast.steward(), cast.committee(name="李委员")
    until = clock.now() + timedelta(days=3)
    services.delegate(
        giver=steward.pk, receiver=other.pk, from_at=clock.now(), until_at=until, subject_kind="deed",
        by=Actor.of(steward),
    )  # fmt: skip
    browser.post(url("step") + "?spot=", STEP)
    ask = {"village": cast.village().pk, "fact_points": "25"}
    assert "李委员（代王管理）" in text(browser.get(url("drive"), ask))


def test_the_version_names_what_a_move_would_decide(browser: Any, cast: Cast) -> None:
    first, second = cast.officer(), cast.officer(name="孙经办")
    item = started({**OFFICER, "how": "all"})
    services.decide(item=item, verdict="approve", by=Actor.of(first))
    flow = services.save(subject_kind="deed", steps=[OFFICER], by=SYSTEM)
    page = text(browser.get(url("version", "deed", flow.version)))
    assert "不能转：" in page and "转过去就等于同意" in page
    browser.post(url("activate", "deed", flow.version), {"running": "move"})
    item.refresh_from_db()
    assert (item.state, item.flow_id != flow.pk) == ("open", True)
    services.decide(item=item, verdict="approve", by=Actor.of(second))


def test_the_office_reads_but_only_the_administrator_designs(cast: Cast, client_for: Browser, deed: Deed) -> None:
    services.install(subject_kind="deed", steps=[ADMIN], by=SYSTEM)
    officer = client_for(cast.officer())
    assert officer.get(url("designer")).status_code == 200
    assert "存为新版本" not in text(officer.get(url("designer")))
    for name in ("edit", "begin", "save"):
        assert officer.post(url(name), {"act": "remove", "key": "主任"}).status_code == 403
    assert officer.post(url("activate", "deed", 1), {"running": "finish"}).status_code == 403
    assert client_for(cast.steward()).get(url("designer")).status_code == 403
    assert Activation.objects.filter(subject_kind="deed").count() == 1
