"""Opens an office: what web, worker and commands have in common, without pages and index."""

from bot.outbound.wechat_api import connect_wechat
from bureau.office import Office
from core.clock import SystemClock
from core.db import Database
from core.defaults import with_defaults
from core.errors import Unready
from core.logs import set_up_logs
from core.privacy import Box
from core.redis_store import RedisStore
from core.schema import is_absent
from core.settings import Settings

NO_TABLES = "还没有数据库，请先运行 .venv/bin/flask db upgrade (no tables yet)"


def open_office(settings: Settings) -> Office:
    """The tools of every counter, opened. Raises Unready for an absent or older database.

    Tables are made by the launcher and by commands: web and worker need not carry alembic.
    """
    settings = with_defaults(settings)
    set_up_logs(settings.production)
    database = Database(settings.database_url)
    if is_absent(database):
        raise Unready(NO_TABLES)
    redis = RedisStore(settings.redis_url)
    clock = SystemClock(None if settings.production else settings.clock_file)
    return Office(
        settings=settings,
        database=database,
        redis=redis,
        clock=clock,
        wechat=connect_wechat(settings, redis, clock),
        box=Box(settings.data_key, settings.data_key_previous),
    )
