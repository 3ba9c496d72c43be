"""Opens an office: what web, worker and commands have in common, without pages and index."""

from bot.outbound.wechat_api import connect_wechat
from bureau.office import Office
from core.clock import SystemClock
from core.db import Database
from core.defaults import with_defaults
from core.logs import set_up_logs
from core.migrating import require_newest
from core.privacy import Box
from core.redis_store import RedisStore
from core.settings import Settings


def open_office(settings: Settings) -> Office:
    """The tools of every counter, opened. Makes an absent database; refuses an older one."""
    settings = with_defaults(settings)
    set_up_logs(settings.production)
    database = Database(settings.database_url)
    require_newest(database)
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
