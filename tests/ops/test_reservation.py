"""One house per DATA_DIR and per port; the second is told who holds it."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from core.errors import Unready
from core.settings import ROOT
from ops.reservation import lock_data_dir, reserve_next_port, reserve_port


def listener() -> tuple[socket.socket, int]:
    server = socket.create_server(("127.0.0.1", 0), reuse_port=True)
    return server, server.getsockname()[1]


def test_a_second_lock_names_the_pid_of_the_first(tmp_path: Path) -> None:
    lock = lock_data_dir(tmp_path)
    with pytest.raises(Unready, match=f"pid {os.getpid()} "):
        lock_data_dir(tmp_path)
    os.close(lock)
    os.close(lock_data_dir(tmp_path))


def test_a_lock_goes_with_its_process(tmp_path: Path) -> None:
    code = "import ops.reservation as r, pathlib, sys; r.lock_data_dir(pathlib.Path(sys.argv[1]))"
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=True, cwd=ROOT)
    os.close(lock_data_dir(tmp_path))


def test_a_port_that_is_listened_on_is_refused_even_when_the_listener_would_share() -> None:
    server, port = listener()
    with server, pytest.raises(Unready, match=f"pid {os.getpid()} "):
        reserve_port("127.0.0.1", port, "PORT")


def test_a_port_kept_by_a_house_that_does_not_listen_yet_is_refused() -> None:
    server, port = listener()
    server.close()
    with reserve_port("127.0.0.1", port, "PORT"), pytest.raises(Unready, match="换一个 PORT"):
        reserve_port("127.0.0.1", port, "PORT")
    reserve_port("127.0.0.1", port, "PORT").close()


def test_old_connections_do_not_keep_a_port() -> None:
    server, port = listener()
    client = socket.create_connection(("127.0.0.1", port))
    answering, _ = server.accept()
    answering.close()  # the side that closes first is left in TIME_WAIT
    client.close()
    server.close()
    reserve_port("127.0.0.1", port, "PORT").close()


def test_the_next_free_port_steps_over_a_taken_one() -> None:
    server, taken = listener()
    with server:
        port, kept = reserve_next_port("127.0.0.1", taken - 1, "SANDBOX_PORT")
        kept.close()
    assert port > taken
