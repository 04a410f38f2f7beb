from jifen.kernel.permissions import Permission


class DistrictPermission(Permission):
    READ = "district.read"
