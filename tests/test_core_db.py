from core.db import Database
from core.redis_store import RedisStore
def test_smoke(each_database: Database, redis: RedisStore) -> None:
    assert redis.alive()
    with each_database.write() as db: pass
