"""Random secrets of the embedded services, made once per run folder, in a file that only this user reads."""

import secrets
from dataclasses import asdict, dataclass, field

from jifen.env import new_data_key, new_secret_key
from jifen.local.folder import RunFolder, read_json, write_json


def password() -> str:
    return secrets.token_urlsafe(24)


@dataclass(frozen=True)
class Credentials:
    secret_key: str = field(default_factory=new_secret_key)
    data_key: str = field(default_factory=new_data_key)
    postgres_admin: str = field(default_factory=password)
    postgres_owner: str = field(default_factory=password)
    postgres_app: str = field(default_factory=password)
    valkey: str = field(default_factory=password)
    s3_access_key: str = field(default_factory=lambda: f"embedded{secrets.token_hex(6)}")
    s3_secret_key: str = field(default_factory=new_secret_key)


def credentials(folder: RunFolder) -> Credentials:
    """The folder's secrets; made when missing. Call while holding the start lock."""
    known = read_json(folder.secrets_file)
    if known is not None:
        return Credentials(**known)
    made = Credentials()
    write_json(folder.secrets_file, asdict(made))
    return made
