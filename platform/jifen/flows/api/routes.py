"""A year's close and the calendar in every town; the register of towns and the district's calendar in public."""

from jifen.api.routing import public_router, town_router
from jifen.flows.api import calendar, glance, posts, towns, views

public_router.register("towns", towns.Towns, basename="town")

town_router.add("years/<int:number>/closing/", views.Closing, name="year-closing")
town_router.add("years/<int:number>/closing/day/", views.Day, name="year-closing-day")
town_router.add("years/<int:number>/closing/proposal/", views.Proposal, name="year-closing-proposal")
town_router.add("years/<int:number>/closing/confirmation/", views.Confirmation, name="year-closing-confirmation")
town_router.add("years/<int:number>/reopening/", views.Reopening, name="year-reopening")
town_router.register("hand-overs", posts.HandOvers, basename="hand-over")
town_router.add("hand-overs/in-hand/<int:user>/", posts.Hands, name="hand-overs-in-hand")
town_router.add("calendar/", calendar.Calendar, name="calendar")
town_router.add("calendar/versions/", calendar.Versions, name="calendar-versions")
town_router.add("calendar/versions/withdrawal/", calendar.Withdrawal, name="calendar-withdrawal")
town_router.add("calendar/late/", calendar.Late, name="calendar-late")
public_router.add("district-calendar/", glance.DistrictCalendar, name="district-calendar")
