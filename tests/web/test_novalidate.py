"""What is wrong is said by us, in Chinese, never by the browser in its own language."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FORM = re.compile(r"""<form\b(?:\{%.*?%\}|\{\{.*?\}\}|"(?:\{%.*?%\}|\{\{.*?\}\}|[^"])*"|[^">])*>""", re.DOTALL)
TEMPLATES = [path for room in ("platform", "tenants", "scoring", "redemption", "reporting")
             for path in (ROOT / room).rglob("templates/**/*.html")]  # fmt: skip
WITH_FORMS = [path for path in TEMPLATES if "<form" in path.read_text()]


@pytest.mark.parametrize("path", WITH_FORMS, ids=lambda path: path.name)
def test_no_form_leaves_its_checks_to_the_browser(path: Path) -> None:
    text = path.read_text()
    tags = FORM.findall(text)
    assert len(tags) == len(re.findall(r"<form\b", text))
    assert [tag for tag in tags if "novalidate" not in tag] == []


def test_the_forms_of_all_rooms_are_looked_at() -> None:
    assert len(WITH_FORMS) > 60
