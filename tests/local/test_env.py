"""The environment: what is wrong is named, and production takes nothing unsafe."""

import base64

import pytest

from jifen.env import ConfigError, Env, database, load, new_data_key, new_secret_key

KEY = base64.b64encode(bytes(32)).decode()
PRODUCTION = {
    "JIFEN_MODE": "production",
    "BASE_DOMAIN": "jifen.example",
    "SECRET_KEY": "s" * 64,
    "DATA_KEY": KEY,
    "DATABASE_URL": "postgresql://app:1@db/jifen",
    "OWNER_DATABASE_URL": "postgresql://owner:2@db/jifen",
    "BROKER_URL": "redis://valkey/0",
    "CACHE_URL": "redis://valkey/1",
    "S3_ENDPOINT_URL": "https://s3.example",
    "S3_ACCESS_KEY": "a",
    "S3_SECRET_KEY": "b",
}


def refused(changes: dict[str, str | None], base: dict[str, str] = PRODUCTION) -> ConfigError:
    environ = {name: value for name, value in {**base, **changes}.items() if value is not None}
    with pytest.raises(ConfigError) as caught:
        load(environ)
    return caught.value


def test_an_empty_environment_is_the_embedded_mode() -> None:
    env = load({})
    assert (env.embedded, env.debug, env.base_domain, env.public_port) == (True, False, "localhost", 8000)


def test_a_complete_production_environment_is_accepted() -> None:
    env = load(PRODUCTION)
    assert (env.embedded, env.secure_cookies, env.s3_public_endpoint_url) == (False, True, "https://s3.example")


@pytest.mark.parametrize("name", [name for name in PRODUCTION if name != "JIFEN_MODE"])
def test_production_names_the_variable_that_is_missing(name: str) -> None:
    assert refused({name: None}).variable == name


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DEBUG", "1"),
        ("SECURE_COOKIES", "0"),
        ("SECRET_KEY", new_secret_key()),
        ("SECRET_KEY", "short"),
        ("DATA_KEY", new_data_key()),
        ("S3_SECRET_KEY", new_secret_key()),
        ("BASE_DOMAIN", "localhost"),
        ("OWNER_DATABASE_URL", "postgresql://app:1@db/jifen"),
    ],
    ids=lambda text: text if len(text) < 24 else "embedded",  # workers must agree on the names
)
def test_production_refuses_an_insecure_value(name: str, value: str) -> None:
    assert refused({name: value}).variable == name


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("JIFEN_MODE", "test"),
        ("JIFEN_DB_ROLE", "root"),
        ("DEBUG", "perhaps"),
        ("PUBLIC_PORT", "80a"),
        ("PUBLIC_PORT", "70000"),
        ("PUBLIC_PORT", "²"),
        ("LOG_LEVEL", "loud"),
        ("DATABASE_URL", "mysql://app@db/jifen"),
        ("DATABASE_URL", "postgresql:///jifen"),
        ("BROKER_URL", "redis://valkey:port/0"),
        ("S3_ENDPOINT_URL", "s3.example"),
        ("DATA_KEY", "abc"),
        ("DATA_KEY", base64.b64encode(bytes(31)).decode()),
    ],
)
def test_a_malformed_value_is_named_with_what_to_do(name: str, value: str) -> None:
    error = refused({name: value}, base={})
    assert error.variable == name
    assert str(error).startswith(f"环境变量 {name}:")


def test_the_role_chooses_the_address() -> None:
    assert load({**PRODUCTION, "JIFEN_DB_ROLE": "owner"}).active_database_url == PRODUCTION["OWNER_DATABASE_URL"]
    assert load(PRODUCTION).active_database_url == PRODUCTION["DATABASE_URL"]


def test_embedded_keys_are_new_each_time() -> None:
    def keys(env: Env) -> tuple[str, str]:
        return env.secret_key, env.data_key

    assert keys(load({})) != keys(load({}))


def test_a_database_address_is_taken_apart() -> None:
    assert database("postgresql://us%40er:p%2Fw@db:6432/jifen?sslmode=require") == {
        "NAME": "jifen",
        "USER": "us@er",
        "PASSWORD": "p/w",
        "HOST": "db",
        "PORT": "6432",
        "OPTIONS": {"sslmode": "require"},
    }
