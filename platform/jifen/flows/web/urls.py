"""First pages: ``town`` on a town's site, ``public_site`` on the public one; namespace ``flows``."""

from django.urls import URLPattern, path

from jifen.flows.web import expiring, posts, views, years

town: list[URLPattern] = [
    path("", views.resident_home, name="home"),
    path("village/", views.village_home, name="village"),
    path("village/expiring/", expiring.expiring, name="expiring"),
    path("office/", views.office_home, name="office"),
    path("office/posts/", posts.hand_overs, name="hand_overs"),
    path("office/posts/<int:pk>/", posts.hand_over, name="hand_over"),
    path("office/posts/<int:pk>/paper/", posts.hand_over_paper, name="hand_over_paper"),
    path("office/years/", years.years, name="years"),
    path("office/years/<int:number>/", years.year, name="year"),
    path("office/years/volumes/<int:pk>/", years.volume, name="year_volume"),
    path("office/years/<int:number>/losses/", years.losses, name="year_losses"),
    path("office/years/<int:number>/debts/", years.debts, name="year_debts"),
    path("office/years/<int:number>/shares/", years.shares, name="year_shares"),
    path("office/years/<int:number>/day/", years.set_day, name="year_day"),
    path("office/years/<int:number>/propose/", years.propose, name="year_propose"),
    path("office/years/<int:number>/confirm/", years.confirm, name="year_confirm"),
    path("office/years/<int:number>/withdraw/", years.withdraw, name="year_withdraw"),
    path("office/years/<int:number>/reopen/", years.reopen, name="year_reopen"),
]

public_site: list[URLPattern] = [path("", views.landing, name="landing")]
