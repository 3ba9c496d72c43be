"""Where a callback's time goes: the house's own edge in one thread, own time by package.

`python -m benchmarks.profile [OUT.json] [--callbacks N] [--fresh]`; --fresh: no question twice.
"""

import argparse
import cProfile
import io
import json
import pstats
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.callback_bodies import make_requests
from benchmarks.callbacks import running_redis
from benchmarks.ten_thousand import prepare
from bootstrap import create_app
from core.settings import ROOT, Settings

WARM_UP = 300
PLACES = ("bot/inbound", "knowledge", "handlers", "core", "bot", "web", "benchmarks")


def environ(request: bytes) -> dict[str, Any]:
    """A request as a server hands it to the edge."""
    head, _, body = request.partition(b"\r\n\r\n")
    query = head.split(b" ", 2)[1].decode().partition("?")[2]
    return {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/wechat",
        "QUERY_STRING": query,
        "CONTENT_LENGTH": str(len(body)),
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.input": io.BytesIO(body),
    }


def place_of(file: str) -> str:
    """The package or room a function belongs to; what is built in by its own name."""
    if file.startswith(str(ROOT)) and "site-packages" not in file:
        inner = file.removeprefix(f"{ROOT}/")
        return next((place for place in PLACES if inner.startswith(place)), inner)
    if "site-packages/" in file:
        return file.split("site-packages/")[1].split("/")[0].removesuffix(".py")
    return "python"


def own_time(profile: cProfile.Profile, count: int) -> tuple[dict[str, float], list[list[Any]]]:
    """µs a callback by place, and the twenty dearest functions."""
    places: Counter[str] = Counter()
    functions = []
    for (file, line, name), (_, calls, own_s, _, _) in pstats.Stats(profile).stats.items():  # type: ignore[attr-defined]
        us = own_s / count * 1e6
        places[place_of(file) if file != "~" else "built in"] += us  # type: ignore[assignment]
        functions.append(
            [round(us, 1), round(calls / count, 1), f"{Path(file).name}:{line} {name}"]
        )
    shares = {place: round(us, 1) for place, us in places.most_common(14)}
    return shares, sorted(functions, reverse=True)[:20]


def measure(count: int, *, fresh: bool) -> dict[str, Any]:
    """CPU a callback without a profiler, then how it divides with one (which makes all dearer)."""
    with tempfile.TemporaryDirectory(prefix="yg-bench-") as folder, running_redis() as redis_url:
        texts = prepare(Path(folder))
        asked = texts if fresh else texts[:200]
        settings = replace(
            Settings.from_env(), data_dir=Path(folder), redis_url=redis_url, sandbox=False
        )
        edge = create_app(settings).wsgi_app
        made = make_requests(settings, asked, WARM_UP + 2 * count)
        requests = [environ(request) for request in made]

        def answer(some: list[dict[str, Any]]) -> None:
            for one in some:
                edge(one, lambda *_: None)

        answer(requests[:WARM_UP])
        began = time.thread_time()
        answer(requests[WARM_UP : WARM_UP + count])
        plain_us = (time.thread_time() - began) / count * 1e6
        profile = cProfile.Profile(time.thread_time)
        profile.runcall(answer, requests[WARM_UP + count :])
    places, functions = own_time(profile, count)
    return {
        "cpu_us_a_callback": round(plain_us, 1),
        "answers": "no question twice" if fresh else "200 questions in turn",
        "own_us_by_place_with_profiler": places,
        "dearest_functions_us_calls": functions,
    }


def main(words: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path, nargs="?")
    parser.add_argument("--callbacks", type=int, default=2_000)
    parser.add_argument("--fresh", action="store_true")
    given = parser.parse_args(words)
    text = json.dumps(measure(given.callbacks, fresh=given.fresh), ensure_ascii=False, indent=1)
    if given.out:
        given.out.write_text(text + "\n", "utf8")
    else:
        sys.stdout.write(text + "\n")


if __name__ == "__main__":
    main()
