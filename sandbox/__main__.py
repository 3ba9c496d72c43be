"""`python -m sandbox`: runs until SIGTERM or Ctrl-C."""

import asyncio
import logging
import signal
import socket
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from aiohttp import web

from sandbox.callbacks.transport import HttpTransport
from sandbox.clock import Clock
from sandbox.house import House
from sandbox.options import Options, read_options
from sandbox.server import LARGEST_BODY, Server
from sandbox.store import Store
from sandbox.world import World


def make_request(
    message: Any, payload: Any, protocol: Any, writer: Any, task: Any
) -> web.BaseRequest:
    """A request whose body may be as large as a picture."""
    loop = asyncio.get_running_loop()
    return web.BaseRequest(
        message, payload, protocol, writer, task, loop, client_max_size=LARGEST_BODY
    )


def open_door(options: Options) -> socket.socket:
    """The listening socket; port 0 is any that is free. Raises OSError when it is taken."""
    family = socket.AF_INET6 if ":" in options.bind else socket.AF_INET
    return socket.create_server((options.bind, options.port), family=family, backlog=512)


async def serve(options: Options, ready: Callable[[str], None] = print) -> None:
    """Serve until the process is told to end; `ready` gets a line once the port is open."""
    door = open_door(options)
    options = replace(options, port=door.getsockname()[1])
    store = Store(options.data)
    clock = Clock(options.clock_file)
    transport = HttpTransport()
    house = House(World(options, store, clock), transport)
    server = web.Server(Server(house).handle, request_factory=make_request, access_log=None)
    runner = web.ServerRunner(server, handle_signals=False, shutdown_timeout=2)
    await runner.setup()
    site = web.SockSite(runner, door, backlog=512)
    await site.start()
    house.start()
    ready(f"sandbox: http://{options.bind}:{options.port}/sandbox/")
    ended = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, ended.set)
    await ended.wait()
    await site.stop()
    store.stop_waiting()
    await runner.cleanup()
    await house.stop()
    await transport.close()
    store.close()


def say_ready(line: str) -> None:
    """On stderr at once, for whoever waits for it."""
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING)
    asyncio.run(serve(read_options(sys.argv[1:]), say_ready))
