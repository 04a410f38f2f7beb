"""Addresses of scoring on a town's site; namespace ``scoring``."""

from django.urls import URLPattern, URLResolver, include, path

from scoring.web import (
    amend,
    batch,
    books,
    dividends,
    feeds,
    hearings,
    listed,
    meetings,
    months,
    office,
    on_paper,
    policy,
    record,
    resident,
    resident_rules,
    rounds,
    rule_policy,
    rulebook_adapt,
    rulebook_book,
    rulebook_draft,
    rulebook_files,
    rulebook_import,
    rulebook_item,
    rulebook_life,
    rulebook_trial,
    rulebook_try,
    rulebooks,
    sheets,
    stand_ins,
    told,
)


def _books(area: str) -> list[URLPattern]:
    here = {"area": area}
    return [
        path("balances/", books.balances, here, name=f"{area}_balances"),
        path("balances/<str:number>/", books.passbook, here, name=f"{area}_passbook"),
        path("postings/<int:pk>/", books.posting, here, name=f"{area}_posting"),
    ]


def _dividends(area: str) -> list[URLPattern]:
    here = {"area": area}
    return [
        path("dividends/", dividends.dividend_list, here, name=f"{area}_dividends"),
        path("dividends/make/", dividends.make, here, name=f"{area}_dividend_make"),
        path("dividends/<int:pk>/", dividends.dividend, here, name=f"{area}_dividend"),
        path("dividends/<int:pk>/list.<slug:kind>", dividends.paper, here, name=f"{area}_dividend_paper"),
        path("dividends/<int:pk>/<slug:deed>/", dividends.act, here, name=f"{area}_dividend_act"),
    ]


def _rulebooks(area: str) -> list[URLPattern]:
    here = {"area": area}
    book, draft, item, way, tries, runs, lists = (
        rulebooks, rulebook_draft, rulebook_item, rulebook_life, rulebook_try, rulebook_trial, rulebook_import,
    )  # fmt: skip
    return [
        path("rulebooks/", book.shelves[area], here, name=f"{area}_rulebooks"),
        path("rulebooks/open/", book.open_one[area], here, name=f"{area}_open"),
        path("rulebooks/versions/<int:pk>/", book.version, here, name=f"{area}_version"),
        path("rulebooks/versions/<int:pk>/date/", book.date_version[area], here, name=f"{area}_version_date"),
        path("rulebooks/versions/<int:pk>/extend/", book.extend_version[area], here, name=f"{area}_version_extend"),
        path("rulebooks/versions/<int:pk>/end/", book.withdraw_version[area], here, name=f"{area}_version_withdraw"),
        path("rulebooks/<int:pk>/", draft.draft[area], here, name=f"{area}_draft"),
        path("rulebooks/<int:pk>/add/", draft.add[area], here, name=f"{area}_draft_add"),
        path("rulebooks/<int:pk>/unread/", draft.unread[area], here, name=f"{area}_unread"),
        path("rulebooks/<int:pk>/unread/<int:row>/", draft.tick[area], here, name=f"{area}_unread_tick"),
        path("rulebooks/<int:pk>/import/", lists.into[area], here, name=f"{area}_draft_import"),
        path("rulebooks/<int:pk>/import/keep/", lists.keep_into[area], here, name=f"{area}_draft_import_keep"),
        path("rulebooks/<int:pk>/import/signs/", lists.signs_into[area], here, name=f"{area}_draft_import_signs"),
        path("rulebooks/<int:pk>/import/unread/", lists.unread_into[area], here, name=f"{area}_draft_import_unread"),
        path("rulebooks/<int:pk>/discard/", book.discard[area], here, name=f"{area}_draft_discard"),
        path("rulebooks/<int:pk>/settings/", rulebook_book.settings_page[area], here, name=f"{area}_draft_settings"),
        path("rulebooks/<int:pk>/way/", way.way[area], here, name=f"{area}_way"),
        path("rulebooks/<int:pk>/way/<slug:step>/", way.step[area], here, name=f"{area}_step"),
        path("rulebooks/<int:pk>/trials/<int:run>/", runs.trial[area], here, name=f"{area}_trial"),
        path("rulebooks/<int:pk>/trials/<int:run>/state/", runs.state[area], here, name=f"{area}_trial_state"),
        path("rulebooks/<int:pk>/trials/<int:run>/stop/", runs.stop[area], here, name=f"{area}_trial_stop"),
        path(
            "rulebooks/<int:pk>/trials/<int:run>/households/<int:row>/",
            runs.household[area],
            here,
            name=f"{area}_trial_household",
        ),
        path("rulebooks/<int:pk>/items/<slug:code>/", item.item[area], here, name=f"{area}_item"),
        path("rulebooks/<int:pk>/items/<slug:code>/act/", draft.act[area], here, name=f"{area}_item_act"),
        path("rulebooks/<int:pk>/items/<slug:code>/check/", item.check[area], here, name=f"{area}_item_check"),
        path("rulebooks/<int:pk>/items/<slug:code>/try/", tries.tried[area], here, name=f"{area}_item_try"),
    ]


village_pages: list[URLPattern] = [
    path("record/", record.record, name="record"),
    path("record/households/", record.households, name="record_households"),
    path("batch/", batch.batch, name="batch"),
    path("rounds/", rounds.round_list, name="rounds"),
    path("inspections/new/", rounds.new_inspection, name="new_inspection"),
    path("inspections/worker.js", rounds.worker, name="walk_worker"),
    path("inspections/<int:pk>/", rounds.inspection, name="inspection"),
    path("inspections/<int:pk>/marks/", rounds.marks, name="marks"),
    path("inspections/<int:pk>/<slug:act>/", rounds.end_inspection, name="end_inspection"),
    path("activities/new/", rounds.new_activity, name="new_activity"),
    path("activities/<int:pk>/", rounds.activity, name="activity"),
    path("activities/<int:pk>/<slug:act>/", rounds.act_on_activity, name="act_on_activity"),
    path("verify/", told.verify, name="verify"),
    path("verify/<int:pk>/", told.verify_one, name="verify_one"),
    path("declarations/", told.declaration_list, name="declarations"),
    path("declarations/<int:pk>/", told.declaration, name="declaration"),
    path("declarations/<int:pk>/amend/", amend.amend, name="amend"),
    path("sheets/", sheets.sheet_list, name="sheets"),
    path("sheets/open/", sheets.open_sheet, name="open_sheet"),
    path("sheets/<int:pk>/", sheets.sheet, name="sheet"),
    path("sheets/<int:pk>/items/<int:item>/", sheets.item, name="sheet_item"),
    path("sheets/<int:pk>/groups/<str:key>/", sheets.group, name="sheet_group"),
    path("sheets/<int:pk>/meeting/", meetings.meeting, name="meeting"),
    path("sheets/<int:pk>/meeting/seats/", meetings.attend, name="meeting_attend"),
    path("sheets/<int:pk>/meeting/record/", meetings.hold, name="meeting_hold"),
    path("sheets/<int:pk>/meeting/scan/", meetings.scan, name="meeting_scan"),
    path("sheets/<int:pk>/on-paper/", on_paper.verdicts, name="sheet_on_paper"),
    path("sheets/<int:pk>/<slug:kind>.pdf", meetings.paper, name="sheet_paper"),
    path("sheets/<int:pk>/<slug:deed>/", sheets.act, name="sheet_act"),
    path("hearings/", hearings.hearing_list, name="hearings"),
    path("hearings/<int:pk>/state/", hearings.state, name="hearing_state"),
    path("hearings/told/", hearings.inform, name="hearing_inform"),
    path("hearings/<int:pk>/decide/", hearings.decide, name="hearing_decide"),
    path("rules/", office.village_rules, name="village_rules"),
    path("rulebooks/<int:pk>/rebase/", rulebook_book.rebase, name="village_draft_rebase"),
    path("rulebooks/town/<int:pk>/", rulebook_adapt.adaptation, name="village_adaptation"),
    *_rulebooks("village"),
    *_books("village"),
    *_dividends("village"),
]

office_pages: list[URLPattern] = [
    path("months/", months.months, name="months"),
    path("months/receive/", months.receive_all, name="receive_all"),
    path("months/answer/", months.answer, name="answer"),
    path("months/summary/", months.summary, name="month_summary"),
    path("months/deeds/", listed.deeds, name="month_deeds"),
    path("entries/", listed.entries, name="entries"),
    path("filings/<int:pk>/", months.filing, name="filing"),
    path("review-policy/", policy.review_policy, name="review_policy"),
    path("rules/", office.rules, name="rules"),
    path("feed-keys/", feeds.keys, name="feed_keys"),
    path("feed-keys/<int:pk>/revoke/", feeds.revoke, name="feed_key_revoke"),
    path("rulebooks/<int:pk>/bounds/", rulebook_book.bounds, name="office_draft_bounds"),
    path("rulebooks/policy/", rule_policy.chosen, name="rule_policy"),
    path("rulebooks/import/", rulebook_import.choose, name="office_import"),
    path("rulebooks/import/keep/", rulebook_import.keep, name="office_import_keep"),
    path("rulebooks/import/signs/", rulebook_import.signs, name="office_import_signs"),
    path("rulebooks/import/unread/", rulebook_import.unread, name="office_import_unread"),
    path("rulebooks/import/sample/", rulebook_import.sample, name="office_import_sample"),
    *_rulebooks("office"),
    *_books("office"),
    *_dividends("office"),
]

resident_pages: list[URLPattern] = [
    path("passbook/", resident.passbook, name="passbook"),
    path("passbook/<int:pk>/", resident.posting, name="posting"),
    path("declare/", resident.declare, name="declare"),
    path("rules/", resident_rules.rules, name="own_rules"),
    path("activities/<str:secret>/", rounds.sign_in, name="sign_in"),
    path("declarations/", resident.own_declarations, name="own_declarations"),
    path("hearings/", hearings.own_hearings, name="own_hearings"),
    path("hearings/<int:pk>/", hearings.own_hearing, name="own_hearing"),
    path("stand-ins/", stand_ins.stand_in_list, name="stand_ins"),
    path("stand-ins/<int:pk>/", stand_ins.stand_in, name="stand_in"),
    path("stand-ins/<int:pk>.pdf", stand_ins.paper, name="stand_in_paper"),
    path("declarations/<int:pk>/", resident.own_declaration, name="own_declaration"),
    path("declarations/<int:pk>/amend/", amend.own_amend, name="own_amend"),
]

town: list[URLPattern | URLResolver] = [
    *resident_pages,
    path("rulebooks/<int:pk>/", rulebooks.anywhere, name="rulebook_version"),
    path("rulebooks/<int:pk>/file.<slug:kind>", rulebook_files.file, name="rulebook_file"),
    path("village/", include(village_pages)),
    path("office/", include(office_pages)),
]
