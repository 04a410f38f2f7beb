"""Where the provider's endpoints of the clocks are."""

from jifen.api.routing import public_router
from jifen.clocks.api import holidays, views

public_router.add("holidays/", holidays.Holidays, name="holidays")
public_router.add("holidays/<int:pk>/", holidays.OneHoliday, name="holiday")
public_router.add("town-work/", views.TownWork, name="town-work")
public_router.add("town-work/<str:town>/", views.Troubles, name="town-troubles")
public_router.add("town-work/<str:town>/share/", views.Share, name="town-share")
public_router.add("town-work/<str:town>/<str:kind>/<int:number>/again/", views.Again, name="town-work-again")
