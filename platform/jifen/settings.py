"""Django's settings. What differs between installations comes from `jifen.env` and nowhere else."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from jifen import env as environment
from jifen import logs
from jifen.celery import app as celery_app

__all__ = ["celery_app"]  # loaded here, so that tasks declared anywhere belong to it

ENV = environment.load_or_exit()
ROOT = Path(__file__).resolve().parents[2]

EMBEDDED = ENV.embedded
DEBUG = ENV.debug
SECRET_KEY = ENV.secret_key
DATA_KEY = ENV.data_key
BASE_DOMAIN = ENV.base_domain
NOTIFY_SCHEMES = ENV.notify_schemes
NOTIFY_HOSTS = ENV.notify_hosts
PUBLIC_PORT = ENV.public_port
ALLOWED_HOSTS = [f".{BASE_DOMAIN}"] + ([".localhost", "127.0.0.1", "[::1]"] if EMBEDDED else [])

# Apps and towns

TENANT_MODEL = "tenants.Town"
TENANT_DOMAIN_MODEL = "tenants.Domain"
AUTH_USER_MODEL = "accounts.User"
SHARED_APPS = [
    "django_tenants",
    "tenants",
    "jifen.accounts",
    "jifen.audit",
    "jifen.outbox",
    "jifen.clocks",
    "jifen.api",
    "scoring.library",
    "redemption.network",
    "reporting.district",
    "jifen.web",
    "jifen.flows",
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "axes",
    "rest_framework",
    "drf_spectacular",
    "django_htmx",
    "health_check",
    "storages",
]
TENANT_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "jifen.accounts",
    "jifen.audit",
    "axes",
    "jifen.api",
    "jifen.files",
    "jifen.inbox",
    "jifen.approvals",
    "jifen.clocks.dates",
    "tenants.community",
    "scoring",
    "redemption",
    "reporting",
]
INSTALLED_APPS = [*SHARED_APPS, *(app for app in TENANT_APPS if app not in SHARED_APPS)]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Requests

ROOT_URLCONF = "jifen.urls.town"
PUBLIC_SCHEMA_URLCONF = "jifen.urls.public"
WSGI_APPLICATION = "jifen.wsgi.application"
ERROR_RESPONDER = "jifen.web.errors.respond"
CSRF_FAILURE_VIEW = "jifen.web.errors.csrf_failure"
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "jifen.kernel.tenancy.TownMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "axes.middleware.AxesMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "jifen.accounts.middleware.FirstPasswordMiddleware",
    "jifen.kernel.permissions.DenyByDefaultMiddleware",
    "jifen.inbox.visits.VisitMiddleware",
    "jifen.web.errors.ErrorPageMiddleware",
]
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "jifen.web.context.site",
            ],
        },
    },
]

# Database: the role that serves, or the one that owns (JIFEN_DB_ROLE=owner)

DATABASE_ROUTERS = ["django_tenants.routers.TenantSyncRouter"]
DATABASES: dict[str, dict[str, Any]] = {
    "default": {
        "ENGINE": "django_tenants.postgresql_backend",
        # A pooled connection is Django's to keep; a forked worker must not share its parent's pool, so it has none.
        "CONN_MAX_AGE": 0 if ENV.process == "web" else 600,
        "CONN_HEALTH_CHECKS": ENV.process != "web",
        **environment.database(ENV.active_database_url),
    },
}
# What a connection repeats is planned once: planning took as long as running. Another town's search path plans anew.
# The owner's migrations hold several statements in one text, which cannot be prepared.
if ENV.db_role != "owner":
    DATABASES["default"]["OPTIONS"] |= {"server_side_binding": True, "prepare_threshold": 5}
if ENV.process == "web":
    DATABASES["default"]["OPTIONS"]["pool"] = {"min_size": 1, "max_size": ENV.pool_size, "timeout": 10}
# One SET per change of town instead of one per cursor; like the prepared statements above safe with Django's own pool,
# never behind a pooler that shares sessions between transactions.
TENANT_LIMIT_SET_CALLS = True

# Accounts, sessions, cookies

AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "jifen.accounts.passwords.UnlikeItsOwner"},
    {"NAME": "jifen.accounts.passwords.LongEnough", "OPTIONS": {"min_length": 8}},
    {"NAME": "jifen.accounts.passwords.Uncommon"},
]
LOGIN_URL = "/login/"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "jifen.accounts.web.lockout.respond"
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = ENV.secure_cookies
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if not EMBEDDED:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    CSRF_TRUSTED_ORIGINS = [f"https://{BASE_DOMAIN}", f"https://*.{BASE_DOMAIN}"]

# Language and time

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

# Cache, files, static files

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": ENV.cache_url,
        "KEY_FUNCTION": "django_tenants.cache.make_key",
        "KEY_PREFIX": "jifen",
    },
}
S3 = {
    "endpoint_url": ENV.s3_endpoint_url,
    "access_key": ENV.s3_access_key,
    "secret_key": ENV.s3_secret_key,
    "bucket_name": ENV.s3_bucket,
    "region_name": ENV.s3_region,
}
S3_PUBLIC_ENDPOINT_URL = ENV.s3_public_endpoint_url
STORAGES = {
    "default": {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {**S3, "addressing_style": "path", "file_overwrite": False},
    },
    "staticfiles": {
        "BACKEND": (
            "whitenoise.storage.CompressedManifestStaticFilesStorage"
            if ENV.static_manifest
            else "whitenoise.storage.CompressedStaticFilesStorage"
        ),
    },
}
STATIC_URL = "/static/"
STATIC_ROOT = ROOT / "staticfiles"
WHITENOISE_USE_FINDERS = not ENV.static_manifest

# REST

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["jifen.api.auth.SessionOrToken"],
    "DEFAULT_PERMISSION_CLASSES": ["jifen.api.permissions.Declared"],
    "EXCEPTION_HANDLER": "jifen.api.problems.handler",
    "DEFAULT_PAGINATION_CLASS": "jifen.api.paging.Cursor",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser", "rest_framework.parsers.MultiPartParser"],
    "DEFAULT_SCHEMA_CLASS": "jifen.api.openapi.Schema",
    "DEFAULT_THROTTLE_RATES": {"feed": f"{ENV.feed_calls}/minute"},
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
    "COERCE_DECIMAL_TO_STRING": True,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "乡村治理积分制平台接口",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "jifen.api.openapi.add_problem",
        "jifen.urls.describing.speak_chinese",
    ],
    # Several rooms have a ``kind``, a ``state``: each choice has a name of its own, whatever else the site describes.
    "ENUM_NAME_OVERRIDES": {
        "AdaptationStateEnum": "scoring.models.AdaptationState",
        "ChannelEnum": "scoring.models.Channel",
        "ConsentKindEnum": "tenants.community.models.ConsentKind",
        "DeclarationStateEnum": "scoring.models.DeclarationState",
        "ExceptionKindEnum": "redemption.models.ExceptionKind",
        "FundKindEnum": "redemption.models.FundKind",
        "NoticeDraftStateEnum": "reporting.models.DraftState",
        "NoticeKindEnum": "reporting.models.NoticeKind",
        "OfferingKindEnum": "redemption.models.OfferingKind",
        "RelativeKindEnum": "tenants.community.models.RelativeKind",
        "ReviewVerdictEnum": "scoring.models.ItemVerdict",
        "RoundStateEnum": "scoring.models.RoundState",
        "RulebookDraftStateEnum": "scoring.models.drafts.DraftState",
        "RulebookVersionStateEnum": "scoring.models.VersionState",
        "VillageRoleEnum": "tenants.community.models.Role",
    },
}

# Celery

CELERY_BROKER_URL = ENV.broker_url
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
# Without the restore options a dead worker's messages wait about 100 s for the next scan whatever the timeout says.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": ENV.redelivery_seconds,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
}
CELERY_RESULT_BACKEND = ENV.cache_url
CELERY_RESULT_EXPIRES = 3600
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_DEFAULT_QUEUE = "public"
CELERY_TASK_TIME_LIMIT = 1800
# A worker keeps its connection between tasks (`jifen.celery` looks whether it still lives); Celery alone would make a
# new one for each.
CELERY_DB_REUSE_MAX = 1000
CELERY_TASK_SERIALIZER = CELERY_RESULT_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULER = "celery.beat:Scheduler"

LOGGING = logs.configure(level=ENV.log_level, json=not EMBEDDED)
