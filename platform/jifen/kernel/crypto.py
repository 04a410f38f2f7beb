"""Personal data at rest: AES-256-GCM with a key per town, and a blind index for exact search.

A stored value is ``v1.<key id>.<base64url(nonce + ciphertext + tag)>``; the associated data is schema, table and
column, so that a value copied to another place does not open.
"""

import base64
import hashlib
import hmac
import os
from functools import lru_cache

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

KEY_ID = "k1"


def seal(text: str, *, schema: str, place: str) -> str:
    """Encrypt ``text`` for ``place`` (``table.column``) of the town ``schema``."""
    nonce = os.urandom(12)
    body = AESGCM(_key(schema, "seal")).encrypt(nonce, text.encode(), f"{schema}.{place}".encode())
    return f"v1.{KEY_ID}.{base64.urlsafe_b64encode(nonce + body).decode()}"


def unseal(stored: str, *, schema: str, place: str) -> str:
    """The text again.

    Raises:
        cryptography.exceptions.InvalidTag: the value was altered or belongs elsewhere.
    """
    body = base64.urlsafe_b64decode(stored.split(".", 2)[2])
    return AESGCM(_key(schema, "seal")).decrypt(body[:12], body[12:], f"{schema}.{place}".encode()).decode()


def blind_index(text: str, *, schema: str, place: str) -> str:
    """64 hex characters that are equal for equal texts of one town and column, and tell nothing else."""
    return hmac.new(_key(schema, "index"), f"{place}:{text}".encode(), hashlib.sha256).hexdigest()


@lru_cache(maxsize=4096)
def _key(schema: str, purpose: str) -> bytes:
    master = base64.b64decode(settings.DATA_KEY)
    info = f"jifen/{schema}/{purpose}/{KEY_ID}".encode()
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=info).derive(master)
