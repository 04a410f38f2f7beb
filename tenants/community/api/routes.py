"""Mounted in every town."""

from jifen.api.routing import town_router
from tenants.community.api import cells, changes, papers, people, places

town_router.register("villages", places.VillageViewSet, basename="village")
town_router.register("groups", places.GroupViewSet, basename="group")
town_router.register("households", places.HouseholdViewSet, basename="household")
town_router.register("cells", cells.CellViewSet, basename="cell")
town_router.register("roster-changes", changes.ChangeViewSet, basename="roster-change")
town_router.register("residents", people.ResidentViewSet, basename="resident")
town_router.register("relatives", people.RelativeViewSet, basename="relative")
town_router.register("office-accounts", people.OfficeAccountViewSet, basename="office-account")
town_router.register("applications", papers.ApplicationViewSet, basename="application")
town_router.register("consents", papers.ConsentViewSet, basename="consent")
town_router.register("village-roles", papers.VillageRoleViewSet, basename="village-role")
town_router.register("roster-imports", papers.RosterImportViewSet, basename="roster-import")
