"""Fills what the settings leave open: from the running house, else from DATA_DIR."""

from dataclasses import replace

from core.runfile import private_key, read_run
from core.settings import Settings


def with_defaults(settings: Settings) -> Settings:
    """Settings with database, Redis, keys and the sandbox's address filled in.

    Redis stays empty when no house is running: commands then work without it.
    """
    running = read_run(settings.data_dir)
    sandbox_port = settings.sandbox_port or (running.sandbox_port if running else 0)
    sandbox_url = f"http://127.0.0.1:{sandbox_port}" if settings.sandbox and sandbox_port else ""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    return replace(
        settings,
        database_url=settings.database_url or f"sqlite:///{settings.data_dir / 'yangguang.db'}",
        redis_url=settings.redis_url or (running.redis_url if running else ""),
        secret_key=settings.secret_key or private_key(settings.data_dir, "secret_key"),
        data_key=settings.data_key or private_key(settings.data_dir, "data_key"),
        sandbox_port=sandbox_port,
        wechat_api_url=settings.wechat_api_url or sandbox_url or "https://api.weixin.qq.com",
    )
