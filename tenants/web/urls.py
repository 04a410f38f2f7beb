"""Addresses of the provider; namespace ``tenants``."""

from django.urls import URLPattern, path

from tenants.web import views

public_site: list[URLPattern] = [
    path("provider/", views.town_list, name="towns"),
    path("provider/towns/<int:pk>/", views.town, name="town"),
    path("provider/towns/<int:pk>/progress/", views.progress, name="progress"),
    *(
        path(f"provider/towns/<int:pk>/{deed}/", views.act, {"deed": deed}, name=deed)
        for deed in ("suspend", "resume", "archive")
    ),
]
