"""Mounted on the public site in the namespace ``district``."""

from django.urls import path

from reporting.district.web import views

public_site = [
    path("district/", views.overview, name="overview"),
    path("district/live/", views.live, name="live"),
    path("district/villages/", views.villages, name="villages"),
    path("district/towns/<str:code>/", views.town, name="town"),
    path("district/towns/<str:code>/villages/<int:pk>/", views.village, name="village"),
]
