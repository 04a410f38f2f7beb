"""Mounted on a town's site in the namespace ``reporting``."""

from django.urls import URLPattern, path

from reporting.web import public, resident, speaking, staff

resident_pages = [
    path("notices/", resident.notices, name="notices"),
    path("notices/<int:pk>/", resident.notice, name="notice"),
    path("objections/", resident.objections_of_mine, name="objections"),
    path("objections/new/", resident.new_objection, name="new-objection"),
    path("objections/<int:pk>/", resident.objection, name="objection"),
]


def staff_pages(area: str) -> list[URLPattern]:
    """The pages that village and town office share."""
    pages = (
        ("notices/", staff.notices, "notices"),
        ("notices/publish/", staff.publish, "publish"),
        ("notices/<int:pk>/", staff.notice, "notice"),
        ("notices/<int:pk>/posters/<str:form>/", staff.poster, "poster"),
        ("objections/", staff.objections, "objections"),
        ("objections/<int:pk>/", staff.objection, "objection"),
        ("honours/", staff.honours, "honours"),
    )
    return [path(f"{area}/{route}", view, {"area": area}, name=f"{area}-{name}") for route, view, name in pages]


town = [
    *resident_pages,
    path("village/objections/new/", speaking.find_entry, name="find-entry"),
    *staff_pages("village"),
    *staff_pages("office"),
    path("n/<str:token>/", public.notice, name="public-notice"),
]
