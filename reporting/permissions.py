from jifen.kernel.permissions import Permission


class ReportingPermission(Permission):
    PUBLISH = "reporting.publish"
    READ = "reporting.read"
    ANSWER = "reporting.answer"
    OBJECT = "reporting.object"
    OBJECT_FOR = "reporting.object_for"
    ENTER = "reporting.enter"
    HANDLING = "reporting.handling"
