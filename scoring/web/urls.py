"""Addresses of scoring on a town's site; namespace ``scoring``."""

from django.urls import URLPattern, URLResolver, include, path

from scoring.web import batch, books, office, record, resident, sheets, told


def _books(area: str) -> list[URLPattern]:
    here = {"area": area}
    return [
        path("balances/", books.balances, here, name=f"{area}_balances"),
        path("balances/<str:number>/", books.passbook, here, name=f"{area}_passbook"),
        path("postings/<int:pk>/", books.posting, here, name=f"{area}_posting"),
    ]


village_pages: list[URLPattern] = [
    path("record/", record.record, name="record"),
    path("record/households/", record.households, name="record_households"),
    path("batch/", batch.batch, name="batch"),
    path("verify/", told.verify, name="verify"),
    path("verify/<int:pk>/", told.verify_one, name="verify_one"),
    path("declarations/", told.declaration_list, name="declarations"),
    path("declarations/<int:pk>/", told.declaration, name="declaration"),
    path("sheets/", sheets.sheet_list, name="sheets"),
    path("sheets/open/", sheets.open_sheet, name="open_sheet"),
    path("sheets/<int:pk>/", sheets.sheet, name="sheet"),
    path("sheets/<int:pk>/items/<int:item>/", sheets.item, name="sheet_item"),
    path("sheets/<int:pk>/groups/<str:key>/", sheets.group, name="sheet_group"),
    path("sheets/<int:pk>/<slug:deed>/", sheets.act, name="sheet_act"),
    path("rules/", office.village_rules, name="village_rules"),
    *_books("village"),
]

office_pages: list[URLPattern] = [
    path("months/", office.months, name="months"),
    path("months/answer/", office.answer, name="answer"),
    path("rules/", office.rules, name="rules"),
    *_books("office"),
]

resident_pages: list[URLPattern] = [
    path("passbook/", resident.passbook, name="passbook"),
    path("passbook/<int:pk>/", resident.posting, name="posting"),
    path("declare/", resident.declare, name="declare"),
    path("declarations/", resident.own_declarations, name="own_declarations"),
    path("declarations/<int:pk>/", resident.own_declaration, name="own_declaration"),
]

town: list[URLPattern | URLResolver] = [
    *resident_pages,
    path("village/", include(village_pages)),
    path("office/", include(office_pages)),
]
