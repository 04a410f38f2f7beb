"""Mounted on the public site in the namespace ``library``."""

from django.urls import path

from scoring.library.web import views

public_site = [
    path("district/templates/", views.templates, name="templates"),
    path("district/templates/publish/", views.publish, name="publish"),
    path("district/templates/built-in/<slug:code>/", views.built_in, name="built_in"),
    path("district/templates/<int:pk>/", views.template, name="template"),
    path("district/templates/<int:pk>/retire/", views.retire, name="retire"),
    path("district/template-versions/<int:pk>/file/", views.download, name="download"),
]
