"""The components draw what they promise."""

import re
from decimal import Decimal
from enum import Enum
from pathlib import Path

import pytest
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory

from jifen.local.assets import ICONS
from jifen.web import views

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("platform", "tenants", "scoring", "redemption", "reporting")


class Seal(Enum):
    MADE = "made"

    @property
    def label(self) -> str:
        return "已盖章"


def draw(source: str, **content: object) -> str:
    return Template("{% load jifen %}" + source).render(Context(content)).strip()


def test_points_show_sign_and_colour_together() -> None:
    assert draw("{% points value %}", value=Decimal("-5.00")) == '<span class="pts pts-minus">−5</span>'
    assert draw("{% points value %}", value=Decimal("3.20")) == '<span class="pts pts-plus">+3.2</span>'
    assert draw("{% points value signed=False %}", value=46) == '<span class="pts pts-zero">46</span>'
    assert draw("{{ value|points:'+' }}", value=Decimal(2)) == "+2"


def test_a_badge_knows_the_states_words_and_takes_an_enums_own() -> None:
    assert draw("{% badge 'submitted' %}") == '<span class="badge badge-wait">待审核</span>'
    assert draw("{% badge seal %}", seal=Seal.MADE) == '<span class="badge badge-plain">已盖章</span>'
    assert "已寄出" in draw("{% badge 'posted' label='已寄出' %}")


def test_a_figure_with_a_link_leads_to_what_lies_behind_it() -> None:
    html = draw("{% stat '待审核' 42 unit='件' link='/office/' icon='clock' %}")
    assert html.startswith('<a class="stat" href="/office/">')
    assert "42<small>件</small>" in html


def test_what_stands_in_a_card_is_escaped_once() -> None:
    html = draw("{% card title='户主' %}{{ name }}{% endcard %}", name="<b>张</b>")
    assert "&lt;b&gt;张&lt;/b&gt;" in html
    assert "户主" in html


def test_pages_keep_the_query_and_say_how_many_there_are() -> None:
    request = RequestFactory().get("/?village=3&page=2")
    html = draw("{% pagination page %}", page=Paginator(range(95), 20).page(2), request=request)
    assert 'href="?page=3&amp;village=3"' in html
    assert "共 95 条" in html


def test_progress_asks_again_until_it_is_done() -> None:
    assert 'hx-get="/p/"' in draw("{% progress '导入' 3 10 '/p/' %}")
    assert "hx-get" not in draw("{% progress '导入' 10 10 '/p/' %}")
    assert "hx-get" not in draw("{% progress '导入' 3 10 '/p/' failed='断网了' %}")


def test_a_confirm_button_is_a_post_that_asks_first() -> None:
    html = draw("{% confirm_button '退回' '/x/' '退回吗?' tone='danger' %}", csrf_token="t")
    assert 'method="post"' in html
    assert 'data-confirm="退回吗?"' in html
    assert 'value="t"' in html


def test_a_code_is_an_inline_drawing() -> None:
    html = draw("{% qr 'JF-0132' '积分码' %}")
    assert "<svg" in html
    assert 'aria-label="积分码"' in html


def test_a_meter_marks_its_target_and_says_when_it_falls_short() -> None:
    assert "meter-short" in draw("{% meter 0.79 0.8 %}")
    assert "meter-met" in draw("{% meter 0.8 0.8 %}")


def test_chart_data_stands_beside_its_figure_as_json() -> None:
    html = draw("{% chart 'c1' data '加分' %}", data={"kind": "bar", "categories": ["</script>"]})
    assert 'data-chart="c1"' in html
    assert "</script>" not in html.replace("</script></figure>", "")


@pytest.mark.parametrize("name", ["staff", "simple", "wall", "print", "login", "404"])
@pytest.mark.usefixtures("db")
def test_the_style_guide_draws_every_layout(name: str) -> None:
    response = views.styleguide(RequestFactory().get("/", {"page": name}))
    assert response.status_code == (404 if name == "404" else 200)
    assert "{%" not in response.content.decode()


def test_no_template_carries_an_inline_script() -> None:
    for path in templates():
        assert not re.search(
            r"<script(?![^>]*\b(src|type=\"application/json\"))|\son\w+=\"", path.read_text("utf-8")
        ), path


def test_every_icon_that_a_template_names_is_in_the_sprite() -> None:
    used = {name for path in templates() for name in re.findall(r"\{% icon \"([\w-]+)\"", path.read_text("utf-8"))}
    assert used <= set(ICONS)


def templates() -> list[Path]:
    return [path for room in ROOMS for path in (ROOT / room).rglob("templates/**/*.html")]
