"""Mounted on a town's site in the namespace ``reporting``."""

from django.urls import URLPattern, path

from reporting.web import desk, drafts, public, resident, speaking, staff

resident_pages = [
    path("notices/", resident.notices, name="notices"),
    path("notices/<int:pk>/", resident.notice, name="notice"),
    path("objections/", resident.objections_of_mine, name="objections"),
    path("objections/new/", resident.new_objection, name="new-objection"),
    path("objections/<int:pk>/", resident.objection, name="objection"),
    path("objections/<int:pk>/appeal/", resident.appeal, name="appeal"),
]


def staff_pages(area: str) -> list[URLPattern]:
    """The pages that village and town office share."""
    pages = (
        ("notices/", staff.notices, "notices"),
        ("notices/publish/", staff.publish, "publish"),
        ("notices/drafts/<int:pk>/", drafts.draft, "draft"),
        ("notices/drafts/<int:pk>/send/", drafts.send_again, "send-again"),
        ("notices/<int:pk>/", staff.notice, "notice"),
        ("notices/<int:pk>/posters/<str:form>/", staff.poster, "poster"),
        ("objections/", desk.objections, "objections"),
        ("objections/enter/", speaking.find_subject, "enter"),
        ("objections/enter/one/", speaking.enter, "enter-one"),
        ("objections/<int:pk>/", desk.objection, "objection"),
        ("honours/", staff.honours, "honours"),
    )
    return [path(f"{area}/{route}", view, {"area": area}, name=f"{area}-{name}") for route, view, name in pages]


town = [
    *resident_pages,
    path("village/objections/new/", speaking.find_entry, name="find-entry"),
    path("office/objections/handling/", desk.handling, name="handling"),
    *staff_pages("village"),
    *staff_pages("office"),
    path("n/<str:token>/", public.notice, name="public-notice"),
    path("o/<str:token>/", public.objection, name="public-objection"),
    path("o/<str:token>/receipt/", public.receipt, name="receipt"),
]
