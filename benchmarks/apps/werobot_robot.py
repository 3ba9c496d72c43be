"""WeRoBot with the same ten keyword handlers, sessions off; its own server, or a WSGI `app`."""

import sys
from collections.abc import Callable

import werobot

from benchmarks.callback_bodies import KEYWORDS, answer_to
from core.settings import Settings

settings = Settings.from_env()
robot = werobot.WeRoBot(
    token=settings.wechat_token,
    app_id=settings.wechat_app_id,
    encoding_aes_key=settings.wechat_aes_key,
    enable_session=False,
)


def keyword(word: str) -> Callable[[], str]:
    answer = answer_to(word)
    return lambda: answer


for one in KEYWORDS:
    robot.add_filter(keyword(one), [one])

app = robot.wsgi

if __name__ == "__main__":
    server, port = sys.argv[1:3]
    app.run(server=server, host="127.0.0.1", port=int(port), quiet=True)
