"""A year's close and the calendar in every town, the register of towns on the public site."""

from jifen.api.routing import public_router, town_router
from jifen.flows.api import calendar, towns, views

public_router.register("towns", towns.Towns, basename="town")

town_router.add("years/<int:number>/closing/", views.Closing, name="year-closing")
town_router.add("years/<int:number>/closing/day/", views.Day, name="year-closing-day")
town_router.add("years/<int:number>/closing/proposal/", views.Proposal, name="year-closing-proposal")
town_router.add("years/<int:number>/closing/confirmation/", views.Confirmation, name="year-closing-confirmation")
town_router.add("years/<int:number>/reopening/", views.Reopening, name="year-reopening")
town_router.add("calendar/", calendar.Calendar, name="calendar")
town_router.add("calendar/late/", calendar.Late, name="calendar-late")
