"""First pages: ``town`` on a town's site, ``public_site`` on the public one; namespace ``flows``."""

from django.urls import URLPattern, path

from jifen.flows.web import views

town: list[URLPattern] = [
    path("", views.resident_home, name="home"),
    path("village/", views.village_home, name="village"),
    path("office/", views.office_home, name="office"),
    path("office/years/", views.years, name="years"),
    path("office/years/<int:number>/close/", views.close, name="close_year"),
]

public_site: list[URLPattern] = [path("", views.landing, name="landing")]
