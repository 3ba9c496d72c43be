"""What the bot says of how often it tells."""

from core.wording import tap

TOLD = {
    "每天一次": "每天傍晚汇总通知一次",
    "每周一次": "每周五傍晚汇总通知一次",
    "立即": "发布时就通知",
}


def pace_set(words: str, names: list[str]) -> str:
    """words: 每天一次, 每周一次 or 立即, as the person said it."""
    topics = "”“".join(names)
    return f"好的，“{topics}”今后{TOLD.get(words, TOLD['立即'])}。要改，点{paces()}。"


def paces() -> str:
    return "　".join(tap(words) for words in TOLD)
