"""OpenAPI 3.1 of each site at ``/api/v1/schema/``: the key of unsafe calls, the problem details, the two ways in."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter

from jifen.api.idempotency import HEADER, MAX_LENGTH
from jifen.api.problems import MEDIA_TYPE

PROBLEM: dict[str, Any] = {
    "type": "object",
    "required": ["type", "title", "status", "code", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "code": {"type": "string", "description": "稳定的错误代码"},
        "detail": {"type": "string", "description": "哪里不对、怎么办"},
        "field": {"type": ["string", "null"], "description": "有问题的字段"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {name: {"type": "string"} for name in ("field", "code", "detail")},
            },
        },
        "data": {"type": "object"},
    },
}


class Schema(AutoSchema):
    """Names the ``Idempotency-Key`` header on every unsafe call."""

    def get_override_parameters(self) -> list[Any]:
        if self.method in ("GET", "HEAD", "OPTIONS"):
            return []
        text = f"本次操作独有的编号（最多 {MAX_LENGTH} 个字符），重发时用同一个"
        return [OpenApiParameter(HEADER, str, OpenApiParameter.HEADER, required=True, description=text)]


class SessionOrTokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    target_class = "jifen.api.auth.SessionOrToken"
    name = ["session", "token"]

    def get_security_definition(self, auto_schema: Any) -> list[dict[str, Any]]:
        return [
            {"type": "apiKey", "in": "cookie", "name": "sessionid"},
            {"type": "apiKey", "in": "header", "name": "Authorization", "description": "Token 密钥"},
        ]


def add_problem(result: dict[str, Any], generator: Any, request: Any, public: Any) -> dict[str, Any]:
    """Every operation may answer with problem details."""
    result.setdefault("components", {}).setdefault("schemas", {})["Problem"] = PROBLEM
    answer = {
        "description": "没有办成，什么都没有改动",
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    for operations in result.get("paths", {}).values():
        for operation in operations.values():
            operation["responses"].setdefault("default", answer)
    return result
