"""`make run`: a whole house on one machine (Redis, sandbox, web and workers as our children)."""

import contextlib
import http.client
import os
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from core.clock import SystemClock
from core.errors import Unready
from core.runfile import Running, write_run
from core.settings import Settings
from ops.embedded_children import (
    Plan,
    local_url,
    menu_once,
    meters_folder,
    prepare_once,
    redis_child,
    sandbox_child,
    web_child,
    worker_children,
)
from ops.embedded_logs import keep_logs_short, last_lines
from ops.embedded_plan import is_prepared, make_plan, note_prepared
from ops.following import die_with_parent
from ops.supervisor import Supervisor

READY_WITHIN_S = 60.0
LOGS_LOOKED_AT_S = 300.0


def main(arguments: list[str]) -> int:
    """Run the house until told to stop; the exit code.

    --follow-parent: stop when the process that started us is gone, as make's recipe wishes.
    """
    started = time.monotonic()
    if "--follow-parent" in arguments:
        die_with_parent(os.getppid())
    try:
        settings = Settings.from_env()
        plan, holdings = make_plan(settings)
    except Unready as error:
        print(error, file=sys.stderr, flush=True)
        return 1
    say = speaker(plan.logs / "launcher.log")
    supervisor = Supervisor(say)
    try:
        return run(plan, supervisor, say, started)
    finally:
        say("正在停止… stopping")
        supervisor.stop()
        (settings.data_dir / "run.json").unlink(missing_ok=True)
        for port in holdings.ports:
            port.close()
        say("已全部停止。 All stopped.")


def run(plan: Plan, supervisor: Supervisor, say: Callable[[str], None], started: float) -> int:
    """Start everything, tell the addresses, keep it running until told to stop."""
    settings = plan.settings
    keep_logs_short(plan.logs)
    start_meters_anew(settings)
    supervisor.start(redis_child(plan))
    running = Running(os.getpid(), settings.redis_url, settings.port, settings.sandbox_port)
    write_run(settings.data_dir, running)
    fresh = not is_prepared(settings)
    if fresh:
        say("正在准备数据库、参考数据与样例… preparing database, reference data and samples")
        code = supervisor.run_once(prepare_once(plan))
        if supervisor.stopping:
            return 0
        if code != 0:
            say("准备没有完成，原因见上。 Preparation failed, see above.")
            return 1
        note_prepared(settings)
    supervisor.start(web_child(plan))
    own = local_url(settings.bind, settings.port)
    await_answers(f"{own}/healthz", "web", plan, supervisor, say)
    supervisor.start([*sandbox_child(plan), *worker_children(plan)])  # web alone has both cores
    if settings.sandbox:
        page = f"{local_url(settings.bind, settings.sandbox_port)}/sandbox/"
        await_answers(page, "sandbox", plan, supervisor, say)
        if fresh and not supervisor.stopping:
            supervisor.run_once(menu_once(plan))
    await_answers(f"{own}/readyz", "worker", plan, supervisor, say)
    if not supervisor.stopping:
        say(welcome(plan, time.monotonic() - started))

    def tick() -> float:
        keep_logs_short(plan.logs)
        return LOGS_LOOKED_AT_S

    supervisor.run(tick)
    return 0


def start_meters_anew(settings: Settings) -> None:
    """An empty folder for the meters: those of ended processes would be added up for ever."""
    folder = meters_folder(settings)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)


def await_answers(
    url: str, name: str, plan: Plan, supervisor: Supervisor, say: Callable[[str], None]
) -> None:
    """Until the page is there. After READY_WITHIN_S the end of its log is shown and we go on."""
    deadline = time.monotonic() + READY_WITHIN_S
    while not supervisor.stopping and not answers(url):
        supervisor.wait(0.05)
        if time.monotonic() > deadline:
            lines = last_lines(plan.logs / f"{name}.log")
            say(f"{name} 还没有就绪 (not ready yet)：\n{lines}")
            return


def answers(url: str) -> bool:
    """Whether a GET gives 200 within two seconds."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=2)
    try:
        connection.request("GET", parts.path)
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def welcome(plan: Plan, took_s: float) -> str:
    """The addresses, in the order a new person needs them."""
    settings = plan.settings
    base = settings.base_url
    lines = [f"阳光财政已就绪，用时 {took_s:.1f} 秒。 Ready."]
    if settings.sandbox:
        lines.append(
            f"  沙盒手机 phone    {local_url(settings.bind, settings.sandbox_port)}/sandbox/"
        )
        lines.append(f"  工作台 console    {base}/console/")
    lines.append(f"  市民网页 pages    {base}/")
    lines.append(f"  日志 logs         {plan.logs}")
    lines.append("  按 Ctrl-C 停止。 Press Ctrl-C to stop.")
    return "\n".join(lines)


def speaker(log: Path) -> Callable[[str], None]:
    """Says a line to the person and keeps it, with its moment, in the launcher's log.

    A terminal that is gone or a disk that is full is no reason to stop.
    """
    log.parent.mkdir(parents=True, exist_ok=True)

    def say(text: str) -> None:
        with contextlib.suppress(OSError):
            print(text, flush=True)
        with contextlib.suppress(OSError), log.open("a", encoding="utf8") as file:
            file.write(f"{SystemClock().now().isoformat(timespec='milliseconds')} {text}\n")

    return say


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
