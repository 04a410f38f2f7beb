"""Chinese sentences carry full-width signs."""

from pathlib import Path

import pytest

from tests import punctuation


def test_no_sentence_on_a_page_or_in_an_error_has_half_width_signs() -> None:
    found = [f"{path.name}:{line}" for path in punctuation.files() for _, line in punctuation.wrong(path)]
    assert found == [], "mend them with `python -m tests.punctuation --mend`"


@pytest.mark.parametrize(
    ("name", "text", "count"),
    [
        ("a.html", "<p>没有保存,请重试;{{ name }}:已删</p>", 3),
        ("b.html", '{{ row|yesno:"是,否" }} 共 3 条', 0),
        ("c.py", '"""说明:不算"""\nmessage = f"{name}没有保存,请重试。"\nparts = "a,b"\n', 1),
        ("e.html", "<p>{{ name }}({{ code }})确定吗?</p>请看 https://a.cn/x?y=(一)", 3),
        ("f.py", 'told = f"{name}(由{text(name)}录入)!"\ncode = "version:编号,file(中)"\n', 6),
        ("g.html", '<p>{{ name }}</strong>({{ place }})<b>要改:</b>{% title "试办:"|add:name %}', 4),
        (
            "h.yaml",
            "# 四(一):村,\nnote: 审核,备案;完\nsteps:\n  - {seat: 村两委, who: {role: steward},\n     empty: skip}\n",
            6,
        ),
        ("d.typ", "[经办人:某]\n#let a = (b: c)", 1),
    ],
)
def test_what_is_wrong_is_found_and_mended(tmp_path: Path, name: str, text: str, count: int) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    assert punctuation.mend(path) == count
    assert punctuation.wrong(path) == []
