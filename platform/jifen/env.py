"""The settings that come from environment variables, typed, with an error that names the variable.

Imports neither Django nor any room, so that the launcher can use it. In the embedded mode (the default) every URL may
be missing: `jifen.local` starts the service and sets the variable; what is still missing is a placeholder that
connects nowhere. The production mode takes no default where a default would be unsafe.
"""

import base64
import binascii
import os
import secrets
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeVar
from urllib.parse import parse_qsl, unquote, urlsplit

EMBEDDED_MARK = "embedded"
"""Secrets made by the launcher begin with this, so that production can refuse them."""

NOWHERE = "127.0.0.1:1"
NOTIFY = "dingtalk,wecombot,feishu,lark,mailtos,spugpush,jsons,forms"
"""钉钉, 企业微信, 飞书, mail over TLS; text messages by Spug 推送 or any gateway that takes JSON or a form over TLS."""

Mode = Literal["embedded", "production"]
Value = TypeVar("Value")


class ConfigError(Exception):
    """An environment variable is missing or wrong.

    Attributes: variable, its name; problem, what is wrong; remedy, what to do (both Chinese).
    """

    def __init__(self, variable: str, problem: str, remedy: str) -> None:
        self.variable, self.problem, self.remedy = variable, problem, remedy
        super().__init__(f"环境变量 {variable}:{problem}。{remedy}。")


@dataclass(frozen=True)
class Env:
    """Everything the platform reads from its environment."""

    mode: Mode
    debug: bool
    log_level: str
    secret_key: str
    data_key: str
    """Base64 of the 32 bytes from which the towns' keys for personal data are derived."""
    database_url: str
    """Of the role that serves: owns nothing."""
    owner_database_url: str
    """Of the role that owns the schemas: migrates and provisions."""
    db_role: Literal["app", "owner"]
    process: Literal["web", "worker", "command"]
    pool_size: int
    """Connections one web process may hold."""
    broker_url: str
    cache_url: str
    s3_endpoint_url: str
    s3_public_endpoint_url: str
    """The object store's address as browsers reach it; presigned URLs carry it."""
    s3_access_key: str
    s3_secret_key: str
    s3_bucket: str
    s3_region: str
    base_domain: str
    public_port: int
    secure_cookies: bool
    static_manifest: bool
    """Whether static files carry their hash in the name (after `jifen collectstatic` with the same value)."""
    redelivery_seconds: int
    """After how long a task that a dead worker held is delivered again."""
    feed_calls: int
    """How often a minute one key may send what devices and departments record; each call brings up to 200 rows."""
    notify_schemes: tuple[str, ...]
    notify_hosts: tuple[str, ...]
    """Kinds of Apprise address (the part before ``://``) through which towns may send reminders."""

    @property
    def embedded(self) -> bool:
        return self.mode == "embedded"

    @property
    def active_database_url(self) -> str:
        return self.owner_database_url if self.db_role == "owner" else self.database_url


class Reader:
    """Reads one variable after the other; every method raises ConfigError with the variable's name."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ
        self.mode: Mode = self.choice("JIFEN_MODE", ("embedded", "production"), "embedded")

    def text(self, name: str, default: str) -> str:
        return self.environ.get(name, "").strip() or default

    def required(self, name: str, embedded: Callable[[], str]) -> str:
        """The value; in the embedded mode `embedded()` when there is none."""
        value = self.text(name, "")
        if value or self.mode == "embedded":
            return value or embedded()
        raise ConfigError(name, "没有设置", "生产模式必须给出这个值")

    def choice(self, name: str, allowed: tuple[Value, ...], default: Value) -> Value:
        value = self.text(name, str(default))
        for one in allowed:
            if value == one:
                return one
        raise ConfigError(name, f"不能是“{value}”", f"请改为 {'、'.join(map(str, allowed))} 之一")

    def number(self, name: str, default: int, *, least: int, most: int) -> int:
        value = self.text(name, str(default))
        if value.isascii() and value.isdigit() and least <= int(value) <= most:
            return int(value)
        raise ConfigError(name, f"“{value}”不是 {least} 到 {most} 之间的整数", "请改正")

    def flag(self, name: str, default: bool) -> bool:
        value = self.text(name, "1" if default else "0").lower()
        if value in ("1", "true", "yes", "on"):
            return True
        if value in ("0", "false", "no", "off"):
            return False
        raise ConfigError(name, f"“{value}”看不出是开还是关", "请写 1 或 0")

    def url(self, name: str, schemes: tuple[str, ...], default: str) -> str:
        """A URL of one of the schemes with a host."""
        value = self.required(name, lambda: default)
        parts = urlsplit(value)
        if parts.scheme not in schemes:
            raise ConfigError(name, f"不支持“{parts.scheme}”开头的地址", f"请以 {'、'.join(schemes)} 之一开头")
        try:
            if parts.hostname and (parts.port is None or parts.port > 0):
                return value
        except ValueError:
            pass
        raise ConfigError(name, "地址里没有正确的主机名或端口", f"请写成 {schemes[0]}://主机：端口 的样子")


def load(environ: Mapping[str, str] | None = None) -> Env:
    """Read and check every variable.

    Raises:
        ConfigError: the first variable that is missing, malformed or unsafe for the mode.
    """
    reader = Reader(os.environ if environ is None else environ)
    embedded = reader.mode == "embedded"
    s3_endpoint = reader.url("S3_ENDPOINT_URL", ("http", "https"), f"http://{NOWHERE}")
    env = Env(
        mode=reader.mode,
        debug=reader.flag("DEBUG", default=False),
        log_level=reader.choice("LOG_LEVEL", ("DEBUG", "INFO", "WARNING", "ERROR"), "INFO"),
        secret_key=reader.required("SECRET_KEY", new_secret_key),
        data_key=reader.required("DATA_KEY", new_data_key),
        database_url=reader.url("DATABASE_URL", POSTGRES, f"postgresql://jifen_app@{NOWHERE}/jifen"),
        owner_database_url=reader.url("OWNER_DATABASE_URL", POSTGRES, f"postgresql://jifen_owner@{NOWHERE}/jifen"),
        db_role=reader.choice("JIFEN_DB_ROLE", ("app", "owner"), "app"),
        process=reader.choice("JIFEN_PROCESS", ("web", "worker", "command"), "command"),
        pool_size=reader.number("DATABASE_POOL_SIZE", 16, least=1, most=500),
        broker_url=reader.url("BROKER_URL", ("redis", "rediss", "amqp", "amqps"), f"redis://{NOWHERE}/0"),
        cache_url=reader.url("CACHE_URL", ("redis", "rediss"), f"redis://{NOWHERE}/1"),
        s3_endpoint_url=s3_endpoint,
        s3_public_endpoint_url=reader.text("S3_PUBLIC_ENDPOINT_URL", s3_endpoint),
        s3_access_key=reader.required("S3_ACCESS_KEY", lambda: EMBEDDED_MARK),
        s3_secret_key=reader.required("S3_SECRET_KEY", new_secret_key),
        s3_bucket=reader.text("S3_BUCKET", "jifen"),
        s3_region=reader.text("S3_REGION", "us-east-1"),
        base_domain=reader.text("BASE_DOMAIN", "localhost").lower(),
        public_port=reader.number("PUBLIC_PORT", 8000, least=1, most=65535),
        secure_cookies=reader.flag("SECURE_COOKIES", default=not embedded),
        static_manifest=reader.flag("STATIC_MANIFEST", default=not embedded),
        redelivery_seconds=reader.number("REDELIVERY_SECONDS", 60 if embedded else 900, least=5, most=86400),
        feed_calls=reader.number("FEED_CALLS_PER_MINUTE", 60, least=1, most=6000),
        notify_schemes=tuple(reader.text("NOTIFY_SCHEMES", NOTIFY).lower().split(",")),
        notify_hosts=tuple(one.strip() for one in reader.text("NOTIFY_HOSTS", "").lower().split(",") if one.strip()),
    )
    check_data_key(env.data_key)
    if not embedded:
        refuse_unsafe(env)
    return env


def load_or_exit() -> Env:
    """`load`, but a wrong variable ends the process with its message and exit code 2."""
    try:
        return load()
    except ConfigError as error:
        print(error, file=sys.stderr)
        sys.exit(2)


POSTGRES = ("postgresql", "postgres")


def new_secret_key() -> str:
    return f"{EMBEDDED_MARK}-{secrets.token_urlsafe(48)}"


def new_data_key() -> str:
    """Base64 of 32 bytes: the mark, then 24 random ones."""
    return base64.b64encode(EMBEDDED_MARK.encode() + secrets.token_bytes(24)).decode()


def check_data_key(value: str) -> None:
    try:
        length = len(base64.b64decode(value, validate=True))
    except (binascii.Error, ValueError):
        length = 0
    if length != 32:
        remedy = '可用 python -c "import base64, os; print(base64.b64encode(os.urandom(32)).decode())" 生成'
        raise ConfigError("DATA_KEY", "不是 32 字节的 base64 编码", remedy)


def refuse_unsafe(env: Env) -> None:
    """What the production mode does not accept.

    Raises:
        ConfigError: the first unsafe value.
    """
    owner, app = database(env.owner_database_url)["USER"], database(env.database_url)["USER"]
    unsafe = (
        ("DEBUG", env.debug, "生产模式不能打开调试", "请去掉这个变量"),
        ("SECRET_KEY", env.secret_key.startswith(EMBEDDED_MARK), "是内置模式的密钥", "请另行生成"),
        ("SECRET_KEY", len(env.secret_key) < 50, "太短（不足 50 个字符）", "请另行生成"),
        ("DATA_KEY", is_embedded_data_key(env.data_key), "是内置模式的密钥", "请另行生成"),
        ("S3_SECRET_KEY", env.s3_secret_key.startswith(EMBEDDED_MARK), "是内置模式的密钥", "请另行生成"),
        ("SECURE_COOKIES", not env.secure_cookies, "生产模式的登录凭证只能走 HTTPS", "请去掉这个变量"),
        ("BASE_DOMAIN", env.base_domain == "localhost", "没有设置", "请写平台的域名"),
        ("OWNER_DATABASE_URL", owner == app, "与 DATABASE_URL 是同一个数据库用户", "请分开：服务用户不得拥有数据表"),
    )
    for variable, wrong, problem, remedy in unsafe:
        if wrong:
            raise ConfigError(variable, problem, remedy)


def is_embedded_data_key(value: str) -> bool:
    return base64.b64decode(value).startswith(EMBEDDED_MARK.encode())


def database(url: str) -> dict[str, str | dict[str, str]]:
    """Django's NAME, USER, PASSWORD, HOST, PORT and OPTIONS (from the query string) of a PostgreSQL URL."""
    parts = urlsplit(url)
    return {
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or 5432),
        "OPTIONS": dict(parse_qsl(parts.query)),
    }
