"""``jifen rules``: what it says, what it hands to programs, and when it fails."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from scoring.rules import library, workbook, yamls
from scoring.rules.cases import CasesInvalid, read
from tests.scoring.rules.annexes import HEAD, sheet
from tests.scoring.rules.build import book, rule


def run(*arguments: str) -> tuple[str, dict[str, Any], int]:
    """(what people read, the object for programs, exit code)"""
    out, code = StringIO(), 0
    try:
        call_command("rules", *arguments, "--json", stdout=out)
    except SystemExit as end:
        code = int(end.code or 0)
    *told, last = out.getvalue().splitlines()
    return "\n".join(told), json.loads(last), code


def saved(folder: Path, name: str, content: str | bytes) -> str:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return str(path)


def test_a_template_that_only_waits_for_signatures_passes() -> None:
    told, summary, code = run("check", "seed_002")
    assert (summary["ok"], summary["rules"], code) == (True, 33, 0)
    assert [one["codes"] for one in summary["findings"] if one["severity"] == "sign_off"] == [
        ["pa-03"],
        ["pa-f02"],
        ["pa-f08"],
    ]
    assert "建议：停用这一条" in told


def test_a_file_that_has_to_be_mended_fails(tmp_path: Path) -> None:
    twice = book(rule(code="a-1"), rule(code="a-2"))
    _, summary, code = run("check", saved(tmp_path, "a.yaml", yamls.dump_rulebook(twice, "细则")))
    [found] = summary["findings"]
    assert (found["kind"], found["changes"], code) == ("duplicate", [{"code": "a-2", "values": None}], 1)


def test_a_file_that_takes_points_without_a_word_on_what_is_below_zero_is_named(tmp_path: Path) -> None:
    text = yamls.dump_rulebook(book(rule(sign="negative", title="乱扔垃圾")), "细则")
    told, summary, code = run("check", saved(tmp_path, "a.yaml", text))
    assert "negative_unsaid" in [one["kind"] for one in summary["findings"]] and code == 0
    assert "“乱扔垃圾”" in told and "扣到0分为止" in told


def test_a_file_that_cannot_be_read_fails_with_line_and_path(tmp_path: Path) -> None:
    told, summary, code = run(
        "check", saved(tmp_path, "a.yaml", library.text("seed_002").replace("kind: fixed", "kind: fix", 1))
    )
    assert (summary["error"], code) == ("scheme_invalid", 1)
    assert summary["problems"][0][0].startswith("rulebook.rules.0.amount")
    assert "✗ 第 " in told and "种类（kind）只能是 每次一样（fixed）" in told


def test_a_workbook_tells_what_it_did_not_read(tmp_path: Path) -> None:
    body = sheet(HEAD, ["平安", "学习", "听课", "加2分/次"], ["平安", "学习", "发言", "酌情加分"])
    told, summary, code = run("check", saved(tmp_path, "a.xlsx", body))
    assert [(one["cell"], one["text"]) for one in summary["problems"]] == [("D3", "酌情加分")]
    assert (code, "没有读 清单 D3" in told) == (1, True)


def test_a_workbook_without_signs_is_asked_about_once_and_read_as_answered(tmp_path: Path) -> None:
    path = saved(tmp_path, "a.xlsx", sheet(HEAD, ["环境", "植绿", "浇水", "3分"], title="细则"))
    told, summary, code = run("check", path)
    assert '--takes "细则"' in told and (summary["unsigned"], code) == ({"细则": 1}, 1)
    told, summary, _ = run("check", path, "--takes", "细则")
    assert "扣分条目1条" in told and not summary["unsigned"]


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    told, _, code = run("check", str(tmp_path / "nothing.yaml"))
    assert (code, "nothing.yaml" in told) == (1, True)


def test_cases_are_explained_in_their_order_as_they_would_be_posted(tmp_path: Path) -> None:
    day = {"rule": "hj-01", "date": "2025-03-12"}
    path = saved(
        tmp_path, "c.json", json.dumps({"cases": [day, day, {"rule": "st-01", "date": "2025-03-12", "quantity": 12}]})
    )
    told, summary, code = run("explain", "seed_003", "--case", path)
    assert [one["points"] for one in summary["cases"]] == ["1", "0", "36"]
    assert "3分/棵 × 12棵 = 36分" in told
    assert code == 0


def test_facts_that_cannot_be_are_told_and_missing_ones_asked_for(tmp_path: Path) -> None:
    path = saved(
        tmp_path, "c.json", json.dumps([{"rule": "st-01", "date": "2025-03-12", "quantity": q} for q in (None, -1)])
    )
    _, summary, code = run("explain", "seed_003", "--case", path)
    missing, wrong = summary["cases"]
    assert (missing["undecided"], missing["error"]) == ("没有填写数量（单位：棵）", None)
    assert ("大于0" in wrong["error"], code) == (True, 1)


@pytest.mark.parametrize("text", ["", "{", "[]", "3", '{"rule": "a-1"}', '{"rule": "a-1", "date": "昨天"}', "[[]]"])
def test_cases_that_are_none_are_refused_in_words(text: str) -> None:
    with pytest.raises(CasesInvalid) as refusal:
        read(text)
    assert refusal.value.message.startswith("算例写得不对")


@pytest.mark.parametrize("code", ["zz-9", "ZZ-9", "第九条"])
def test_an_item_that_is_not_there_is_told_and_the_others_are_reckoned(tmp_path: Path, code: str) -> None:
    trees = {"rule": "st-01", "date": "2025-03-12", "quantity": 12}
    path = saved(tmp_path, "c.json", json.dumps([{"rule": code, "date": "2025-03-12"}, trees]))
    told, summary, failed = run("explain", "seed_003", "--case", path)
    unknown, known = summary["cases"]
    assert unknown["error"] == f"细则里没有条目 {code}，请核对编号。" and unknown["error"] in told
    assert (known["points"], known["error"], failed) == ("36", None, 1)


def test_the_difference_of_two_files_is_told_in_sentences(tmp_path: Path) -> None:
    old = saved(tmp_path, "old.xlsx", workbook.write(book(rule())))
    new = saved(
        tmp_path,
        "new.yaml",
        yamls.dump_rulebook(book(rule(amount={"kind": "fixed", "points": 3, "per": "次"})), "细则"),
    )
    told, summary, code = run("diff", old, new)
    assert [one["code"] for one in summary["changes"]] == ["md-03"]
    assert ("现在+3分/次" in told, code) == (True, 0)
    assert run("diff", old, old)[0] == "两份细则一样。"


def test_an_item_that_could_not_be_read_is_not_called_gone_or_new(tmp_path: Path) -> None:
    rows = [["平安", "学习", "听课", "加2分/次"], ["平安", "学习", "发言", "加3分/次"]]
    old = saved(tmp_path, "old.xlsx", sheet(HEAD, *rows))
    new = saved(tmp_path, "new.xlsx", sheet(HEAD, rows[0], [*rows[1][:3], "酌情加分"]))
    for files, word in (((old, new), "后"), ((new, old), "前")):
        told, summary, code = run("diff", *files)
        assert [one["kind"] for one in summary["changes"]] == ["unread"] and (summary["ok"], code) == (False, 1)
        assert f"“发言”在{word}一份里没有读懂（清单 D3），不能比较。" in told and "没有读 清单 D3“酌情加分”" in told
        assert "取消" not in told and "新增" not in told


def test_an_item_that_is_gone_beside_one_that_was_not_read_is_called_gone(tmp_path: Path) -> None:
    rows = [["平安", "学习", "听课", "加2分/次"], ["平安", "学习", "发言", "加3分/次"]]
    old = saved(tmp_path, "old.xlsx", sheet(HEAD, *rows))
    new = saved(tmp_path, "new.xlsx", sheet(HEAD, rows[0], ["平安", "学习", "讲课", "酌情加分"]))
    told, summary, _ = run("diff", old, new)
    assert [one["kind"] for one in summary["changes"]] == ["removed"] and "取消“发言”" in told
