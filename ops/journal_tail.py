"""Has the journal been written down? A push is planned on ledgers that know the last callbacks.

A citizen follows a topic and the bureau publishes in the same second: the window stands in the
stream still, and the planner, which reads SQL, would let the person wait for a next message.
"""

import time

from bot.inbound.journal import STREAM
from core.logs import get_log
from core.redis_store import RedisAway, RedisStore

WITHIN_S = 3.0  # the reader promises two seconds
EVERY_S = 0.02


def written_down(redis: RedisStore, within_s: float = WITHIN_S) -> bool:
    """Wait until all that callbacks had told by now is in SQL.

    False when the journal's reader is late or Redis is away: then one goes on without it, and who
    waits in vain is handed over by the reader itself.
    """
    deadline = time.monotonic() + within_s
    try:
        (newest,) = redis.ask([("XREVRANGE", STREAM, "+", "-", "COUNT", 1)])
        if not newest:
            return True
        last = newest[0][0]
        while redis.ask([("XRANGE", STREAM, "-", last, "COUNT", 1)])[0]:
            if time.monotonic() > deadline:
                get_log("journal").warning("journal: late, planning goes on", waited_s=within_s)
                return False
            time.sleep(EVERY_S)
    except RedisAway:
        return False
    return True
