"""Under ``/district/`` of the public site."""

from django.urls import path

from reporting.district.web import views

district = [
    path("", views.overview, name="overview"),
    path("live/", views.live, name="live"),
    path("towns/<str:code>/", views.town, name="town"),
    path("towns/<str:code>/villages/<int:pk>/", views.village, name="village"),
]
