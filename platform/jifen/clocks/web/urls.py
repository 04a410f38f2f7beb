"""Addresses of the provider; namespace ``clocks``."""

from django.urls import URLPattern, path

from jifen.clocks.web import views

public_site: list[URLPattern] = [
    path("provider/work/", views.work, name="work"),
    path("provider/work/<int:pk>/", views.town, name="town"),
    path("provider/work/<int:pk>/share/", views.share, name="share"),
    path("provider/work/<int:pk>/<str:kind>/<int:number>/again/", views.again, name="again"),
    path("provider/holidays/", views.holiday_list, name="holidays"),
    path("provider/holidays/<int:pk>/remove/", views.remove_holiday, name="remove_holiday"),
]
