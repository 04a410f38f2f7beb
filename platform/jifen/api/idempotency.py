"""Same ``Idempotency-Key`` and same input: same answer. Same key, other input: refused (I6).

The key's row is written in the transaction of the act, so that both exist or neither does. A second call with the same
key waits on the row of the first. A refusal (4xx) undoes the act and is kept as its answer; a fault keeps nothing.
What an answer shows once (a new key) is not kept: a repeat has null in its place.
"""

import hashlib
import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from rest_framework import status
from rest_framework.exceptions import APIException
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from jifen.api import problems
from jifen.api.models import IdempotencyKey
from jifen.kernel import locking
from jifen.kernel.errors import Conflict

HEADER = "Idempotency-Key"
REPLAYED = "Idempotent-Replayed"
MAX_LENGTH = 80
KEPT = timedelta(hours=48)
SWEEP_EVERY = 50

INSERT = """INSERT INTO api_idempotencykey (user_id, key, fingerprint, created_at) VALUES (%s, %s, %s, %s)
    ON CONFLICT (user_id, key) DO NOTHING RETURNING id"""
SWEEP = """DELETE FROM api_idempotencykey WHERE id IN (
    SELECT id FROM api_idempotencykey WHERE created_at < %s ORDER BY created_at LIMIT 200 FOR UPDATE SKIP LOCKED)"""


class ShownOnce(Response):
    """An answer whose ``secrets`` are fields that only the first call gets."""

    def __init__(self, data: dict[str, Any], *, secrets: tuple[str, ...], status: int) -> None:
        super().__init__(data, status=status, headers={"Cache-Control": "no-store"})
        self.secrets = secrets


class KeyMissing(APIException):
    status_code = status.HTTP_400_BAD_REQUEST
    default_code = "idempotency_key_missing"
    default_detail = f"请在请求头 {HEADER} 里给出一个本次操作独有的编号，重发同一操作时用同一个编号。"


class KeyWrong(APIException):
    status_code = status.HTTP_400_BAD_REQUEST
    default_code = "idempotency_key_wrong"
    default_detail = f"请求头 {HEADER} 最多 {MAX_LENGTH} 个可见的英文字符。"


class Mismatch(Conflict):
    code = "idempotency_mismatch"
    message = "这个操作编号已经用于另一次内容不同的操作，请换一个编号。"


def once(request: Request, act: Callable[[], Response]) -> Response:
    """The answer of ``act``, done once for the call's key.

    Raises:
        KeyMissing, KeyWrong: the call has no usable key.
        Mismatch: the key was used for another input.
    """
    key = _key(request)
    fingerprint = _fingerprint(request)
    user_id = request.user.pk or 0
    with transaction.atomic():
        locking.limit_waiting()
        number = _claim(user_id, key, fingerprint)
        if number is None:
            return _replay(user_id, key, fingerprint)
        response = _act(act)
        answer = json.loads(JSONRenderer().render(response.data)) if response.data is not None else None
        if isinstance(response, ShownOnce):
            answer = {**(answer or {}), **dict.fromkeys(response.secrets)}
        IdempotencyKey.objects.filter(pk=number).update(status=response.status_code, answer=answer)
    return response


def _key(request: Request) -> str:
    key = request.headers.get(HEADER, "").strip()
    if not key:
        raise KeyMissing
    if len(key) > MAX_LENGTH or not (key.isascii() and key.isprintable()):
        raise KeyWrong
    return key


def _fingerprint(request: Request) -> str:
    digest = hashlib.sha256(f"{request.user.pk} {request.method} {request.get_full_path()}\n".encode())
    for part in _input(request):
        digest.update(part)
    return digest.hexdigest()


def _input(request: Request) -> Iterator[bytes]:
    """The body; of a form its fields and files, as the boundary between them differs at each sending."""
    plain = request._request
    if plain.content_type != "multipart/form-data":
        yield plain.body
        return
    yield json.dumps(sorted(plain.POST.lists())).encode()
    files: Any = plain.FILES
    for name, file in sorted(files.items()):
        yield f"\n{name} {file.name} {file.size}\n".encode()
        yield from file.chunks()
        file.seek(0)


def _claim(user_id: int, key: str, fingerprint: str) -> int | None:
    """The new row's id; ``None`` when the key was used. Waits for a call that is using it right now."""
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(INSERT, [user_id, key, fingerprint, now])
        row = cursor.fetchone()
        if row is not None and row[0] % SWEEP_EVERY == 0:
            cursor.execute(SWEEP, [now - KEPT])
    return row[0] if row else None


def _replay(user_id: int, key: str, fingerprint: str) -> Response:
    kept = IdempotencyKey.objects.get(user_id=user_id, key=key)
    if kept.fingerprint != fingerprint:
        raise Mismatch
    if (kept.status or 0) >= status.HTTP_400_BAD_REQUEST:
        return problems.Problem(
            kept.answer, status=kept.status, headers={REPLAYED: "true"}, content_type=problems.MEDIA_TYPE
        )
    return Response(kept.answer, status=kept.status, headers={REPLAYED: "true"})


def _act(act: Callable[[], Response]) -> Response:
    try:
        with transaction.atomic():
            return act()
    except Exception as error:
        refusal = problems.problem(error)
        if refusal is None or refusal.status_code >= status.HTTP_500_INTERNAL_SERVER_ERROR:
            raise
        return refusal
