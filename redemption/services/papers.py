"""Paper: 积分卡 and 积分存折, whose code is a QR and a number with check digits, so that no phone is needed; 结算单."""

from collections.abc import Iterable
from typing import Any

from jifen.kernel import clock, masking
from jifen.web import pdf
from jifen.web.wording import points_text
from redemption import selectors
from redemption.figures import ended_on
from redemption.models import Redemption, Settlement
from redemption.money import yuan
from scoring import selectors as scoring
from tenants.community.models import Household, TownProfile

MOST_CARDS = 500


def sheet(households: Iterable[Household]) -> bytes:
    """Cards of ``households``, ten to an A4 page. A card may get lost, so its name is masked."""
    town = _town_name()
    cards = [_card(household, town) for household in list(households)[:MOST_CARDS]]
    return pdf.compile("redemption/cards.typ", {"cards": cards})


def passbook(household: Household, year: int) -> bytes:
    """The household's own ledger of ``year``, with room for the stamp; reasons that must not be known stay out."""
    code = selectors.card_code(household)
    book = scoring.passbook(household, year)
    return pdf.compile(
        "redemption/passbook.typ",
        {
            **_place(household, _town_name()),
            "head": household.head.name if household.head else "",
            "digits": code.digits,
            "qr": pdf.qr_svg(code.text),
            "year": year,
            "printed_on": clock.today(),
            "merit": book.merit,
            "positive": book.positive,
            "negative": book.negative,
            "available": book.available,
            "weighted": book.weighted.told if book.weighted else "",
            "entries": [_line(row) for row in reversed(book.rows)],
        },
    )


def statement(row: Settlement) -> bytes:
    """The settlement with its lines, to be signed and sealed by both sides."""
    lines = selectors.redemptions().filter(settlement_line__settlement=row).order_by("pk")
    return pdf.compile(
        "redemption/settlement.typ",
        {
            "town": _town_name(),
            "number": f"{row.pk:06d}",
            "shop": row.membership.shop_name,
            "payer": row.fund.village.name if row.fund.village else _town_name(),
            "fund": row.fund.name,
            "from_date": row.from_date,
            "to_date": row.to_date,
            "state": row.get_state_display(),
            "redemptions": row.redemptions,
            "points": row.points,
            "yuan": yuan(row.fen),
            "lines": [_statement_line(line) for line in lines],
        },
    )


def _statement_line(row: Redemption) -> dict[str, Any]:
    return {
        "number": str(row.number),
        "day": ended_on(row).isoformat(),
        "household": row.household.number,
        "what": f"{row.offering.name} × {row.quantity}",
        "points": row.points,
        "yuan": yuan(row.fen),
    }


def _card(household: Household, town: str) -> dict[str, Any]:
    code = selectors.card_code(household)
    head = masking.name(household.head.name) if household.head else ""
    return {**_place(household, town), "head": head, "digits": code.digits, "qr": pdf.qr_svg(code.text)}


def _place(household: Household, town: str) -> dict[str, Any]:
    village = f"{household.village.name} {household.group.name}"
    return {"town": town, "village": village, "number": household.number}


def _line(row: scoring.PassbookRow) -> dict[str, str]:
    """A row without a reason is one whose reason is nobody's business (seed 002: 举报): its title stays out as well."""
    told = row.title if row.reason == row.title else f"{row.title}：{row.reason}"
    return {
        "day": f"{row.day.month}月{row.day.day}日",
        "reason": told if row.reason else "其他（事由不公开）",
        "merit": points_text(row.merit or None, signed=True),
        "redeemable": points_text(row.redeemable or None, signed=True),
    }


def _town_name() -> str:
    profile = TownProfile.objects.first()
    return profile.name if profile else ""
