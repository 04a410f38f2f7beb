"""Mounted in every town; the public site keeps no files."""

from jifen.api.routing import town_router
from jifen.files.api.views import UploadViewSet

town_router.register("uploads", UploadViewSet, basename="upload")
