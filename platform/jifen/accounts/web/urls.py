"""Mounted on both sites without a namespace."""

from django.urls import path

from jifen.accounts.web import views

both_sites = [
    path("login/", views.Login.as_view(), name="login"),
    path("logout/", views.Logout.as_view(), name="logout"),
    path("password/", views.password, name="password"),
]
