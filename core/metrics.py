"""What operators watch, named once.

Where PROMETHEUS_MULTIPROC_DIR names a folder (the launcher does), each process writes its meters
there, and /metrics adds them up.
"""

from functools import cache

from prometheus_client import Counter, Histogram

CALLBACKS = Counter("yg_callbacks_total", "WeChat callbacks by outcome", ["outcome"])
CALLBACK_SECONDS = Histogram(
    "yg_callback_seconds",
    "Time to answer a callback",
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 4.5),
)
API_CALLS = Counter("yg_wechat_calls_total", "Calls to WeChat by call and code", ["call", "code"])
DELIVERIES = Counter("yg_deliveries_total", "Push deliveries by outcome", ["state"])


@cache
def counted(outcome: str) -> Counter:
    """The counter of one outcome of callbacks; looked up once."""
    return CALLBACKS.labels(outcome)
