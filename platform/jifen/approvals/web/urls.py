"""Addresses of approvals on a town's site; namespace ``approvals``."""

from django.urls import URLPattern, URLResolver, include, path

from jifen.approvals.web import delegations, designer, paper, versions, work

flow_pages: list[URLPattern] = [
    path("", designer.flow_list, name="flows"),
    path("<slug:kind>/", designer.designer, name="designer"),
    path("<slug:kind>/edit/", designer.edit, name="edit"),
    path("<slug:kind>/step/", designer.step, name="step"),
    path("<slug:kind>/fork/", designer.fork, name="fork"),
    path("<slug:kind>/path/", designer.path, name="path"),
    path("<slug:kind>/begin/", designer.begin, name="begin"),
    path("<slug:kind>/save/", designer.save, name="save"),
    path("<slug:kind>/export/", versions.export, name="export"),
    path("<slug:kind>/bring/", versions.bring, name="bring"),
    path("<slug:kind>/drive/", versions.test_drive, name="drive"),
    path("<slug:kind>/versions/<int:number>/", versions.version, name="version"),
    path("<slug:kind>/versions/<int:number>/activate/", versions.activate, name="activate"),
    path("<slug:kind>/versions/<int:number>/move/", versions.move, name="move"),
]


def _work(area: str) -> list[URLPattern]:
    here, name = {"area": area}, area or "own"
    return [
        path("work/", work.work, here, name=f"{name}_work"),
        path("work/batch/", work.batch, here, name=f"{name}_batch"),
        path("work/<int:pk>/", work.item, here, name=f"{name}_item"),
        path("work/<int:pk>/paper/", paper.paper, here, name=f"{name}_paper"),
        path("work/<int:pk>/<slug:name>/", work.act, here, name=f"{name}_act"),
        path("work/delegations/", delegations.delegations, here, name=f"{name}_delegations"),
        path("work/delegations/<int:pk>/revoke/", delegations.revoke, here, name=f"{name}_revoke"),
    ]


town: list[URLPattern | URLResolver] = [
    path("office/flows/", include(flow_pages)),
    path("office/", include(_work("office"))),
    path("village/", include(_work("village"))),
    path("", include(_work(""))),
]
