"""The object store (any S3): the only module that knows boto3. Presigned PUT and GET, never POST policies."""

import base64
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings

from jifen.files import errors

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

PUT_SECONDS = 15 * 60
GET_SECONDS = 5 * 60
_MISSING = ("404", "NoSuchKey", "NotFound")


def put_url(*, key: str, content_type: str, size: int, sha256: str) -> tuple[str, dict[str, str]]:
    """Where and with which headers a browser puts the object; nothing else passes the signature."""
    values: dict[str, Any] = {"ContentType": content_type, "ContentLength": size}
    headers = {"Content-Type": content_type}
    # The embedded store ignores these two and its CORS answer does not let browsers send them.
    if not settings.EMBEDDED:
        checksum = base64.b64encode(bytes.fromhex(sha256)).decode()
        values |= {"ChecksumSHA256": checksum, "IfNoneMatch": "*"}
        headers |= {"x-amz-checksum-sha256": checksum, "If-None-Match": "*"}
    return _presigned("put_object", key, PUT_SECONDS, **values), headers


def get_url(key: str, *, content_type: str, name: str, download: bool) -> str:
    """A link that reads the object for ``GET_SECONDS``."""
    disposition = f"{'attachment' if download else 'inline'}; filename*=UTF-8''{quote(name, safe='')}"
    return _presigned(
        "get_object", key, GET_SECONDS, ResponseContentDisposition=disposition, ResponseContentType=content_type
    )


def put(key: str, body: bytes, content_type: str) -> None:
    """Raises:
    StoreUnavailable: the store did not take it.
    """
    with _told():
        _client().put_object(Bucket=_bucket(), Key=key, Body=body, ContentType=content_type)


def size(key: str) -> int | None:
    """The object's bytes; ``None`` when there is none.

    Raises:
        StoreUnavailable.
    """
    try:
        with _told():
            return int(_client().head_object(Bucket=_bucket(), Key=key)["ContentLength"])
    except errors.NotArrived:
        return None


def get(key: str) -> bytes:
    """The whole object.

    Raises:
        NotArrived: there is none.
        StoreUnavailable.
    """
    with _told():
        return _client().get_object(Bucket=_bucket(), Key=key)["Body"].read()


def delete(key: str) -> None:
    """Nothing happens when there is none."""
    with _told():
        _client().delete_object(Bucket=_bucket(), Key=key)


def ensure_bucket() -> None:
    """Make the bucket when it is missing (embedded mode and tests; production has its own)."""
    try:
        _client().head_bucket(Bucket=_bucket())
    except ClientError as error:
        if error.response["Error"]["Code"] not in (*_MISSING, "NoSuchBucket"):
            raise
        _client().create_bucket(Bucket=_bucket())


def is_reachable() -> bool:
    try:
        _client().head_bucket(Bucket=_bucket())
    except (BotoCoreError, ClientError):
        return False
    return True


def _presigned(method: str, key: str, seconds: int, **values: Any) -> str:
    client = _client(public=True)
    return client.generate_presigned_url(method, Params={"Bucket": _bucket(), "Key": key, **values}, ExpiresIn=seconds)


def _bucket() -> str:
    return str(settings.S3["bucket_name"])


def _client(*, public: bool = False) -> "S3Client":
    return _made(str(settings.S3_PUBLIC_ENDPOINT_URL if public else settings.S3["endpoint_url"]), os.getpid())


@lru_cache(maxsize=4)
def _made(endpoint: str, _process: int) -> "S3Client":
    """One client per address and process; it serves all threads."""
    client: S3Client = boto3.session.Session().client(
        "s3",
        endpoint_url=endpoint,
        aws_access_key_id=settings.S3["access_key"],
        aws_secret_access_key=settings.S3["secret_key"],
        region_name=settings.S3["region_name"],
        config=Config(
            signature_version="s3v4",
            s3={"addressing_style": "path"},
            connect_timeout=3,
            read_timeout=30,
            retries={"max_attempts": 3, "mode": "standard"},
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        ),
    )
    return client


@contextmanager
def _told() -> Iterator[None]:
    """The store's errors in our words."""
    try:
        yield
    except ClientError as error:
        if error.response["Error"]["Code"] in _MISSING:
            raise errors.NotArrived from error
        raise errors.StoreUnavailable from error
    except BotoCoreError as error:
        raise errors.StoreUnavailable from error
