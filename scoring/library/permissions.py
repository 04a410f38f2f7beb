"""Who publishes templates for a district's towns."""

from jifen.kernel.permissions import Permission, allot


class LibraryPermission(Permission):
    PUBLISH = "library.publish"


def allot_all() -> None:
    allot("district", LibraryPermission.PUBLISH)
