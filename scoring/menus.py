"""Menus of the village, the town office and the villager."""

from jifen.web import nav
from scoring.permissions import ScoringPermission as May
from scoring.selectors import access, dividends


def register() -> None:
    nav.register(
        "village",
        nav.Entry("登记", "scoring:record", "pencil", 10, May.RECORD, group=nav.DAILY),
        nav.Entry("批量登记", "scoring:batch", "list-check", 11, May.RECORD, group=nav.DAILY),
        nav.Entry("检查与活动", "scoring:rounds", "map-2", 11, May.RECORD, group=nav.DAILY),
        nav.Entry("待核实", "scoring:verify", "user-check", 12, May.RECORD, group=nav.DAILY),
        nav.Entry("登记台账", "scoring:declarations", "notebook", 13, May.READ_LEDGER, group=nav.DAILY),
        nav.Entry("月审核", "scoring:sheets", "scale", 14, May.SIT, group=nav.MONTHLY, shown=access.sees_sheets),
        nav.Entry("扣分说明", "scoring:hearings", "message-report", 15, May.READ_LEDGER, group=nav.MONTHLY),
        nav.Entry("积分台账", "scoring:village_balances", "wallet", 15, May.READ_LEDGER, group=nav.MONTHLY),
        nav.Entry("积分细则", "scoring:village_rules", "book", 16, May.READ_LEDGER, group=nav.RULES),
        nav.Entry("修订本村细则", "scoring:village_rulebooks", "edit", 16, May.ADAPT_RULES, group=nav.RULES),
    )
    nav.register(
        "office",
        nav.Entry("月度办理", "scoring:months", "inbox", 10, May.FILE, group=nav.MONTHLY),
        nav.Entry("月度汇总", "scoring:month_summary", "report-analytics", 10, May.FILE, group=nav.MONTHLY),
        nav.Entry("审核办法", "scoring:review_policy", "settings", 11, May.FILE, group=nav.SETTINGS),
        nav.Entry("自动采集的密钥", "scoring:feed_keys", "key", 12, May.MANAGE_RULES, group=nav.SETTINGS),
        nav.Entry("积分细则", "scoring:rules", "book", 11, May.READ_LEDGER, group=nav.RULES),
        nav.Entry("修订细则", "scoring:office_rulebooks", "edit", 11, May.MANAGE_RULES, group=nav.RULES),
        nav.Entry("积分台账", "scoring:office_balances", "wallet", 12, May.READ_LEDGER, group=nav.MONTHLY),
    )
    for area in ("village", "office"):
        share = nav.Entry(
            "分红",
            f"scoring:{area}_dividends",
            "coins",
            62,
            May.READ_LEDGER,
            group=nav.QUARTERLY,
            shown=dividends.offered,
        )
        nav.register(area, share)
        nav.register(area, nav.Entry("我家的积分", "scoring:passbook", "home-2", 90, May.READ_OWN, group=nav.OWN))
    nav.register(
        "",
        nav.Entry("存折", "scoring:passbook", "notebook", 10, May.READ_OWN),
        nav.Entry("申报", "scoring:declare", "pencil", 15, May.DECLARE),
    )
