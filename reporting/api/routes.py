"""Where the endpoints of notices and objections are."""

from jifen.api.routing import town_router
from reporting.api import handling, views

town_router.register("notices", views.Notices, basename="notice")
town_router.register("notice-drafts", views.NoticeDrafts, basename="notice-draft")
town_router.register("objections", views.Objections, basename="objection")
town_router.add("objection-handling/", handling.Handling, name="objection-handling")
town_router.register("own-objections", views.OwnObjections, basename="own-objection")
