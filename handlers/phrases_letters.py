"""Sentences about suggestions and letters, on one page for the office to read and change.

Each stays within 2 048 bytes (WeChat's limit for a text reply) and uses full-width punctuation.
"""

from datetime import date

from core.wording import cut, day_words, tap

# ── 建议与来信 ────────────────────────────────────────────────────────────────

SHOWN_BYTES = 900  # of a citizen's own text, shown back before it is handed in


def letter_ask(kind: str) -> str:
    return (
        f"请发送您的{kind}内容，可以分几条发，也可以附图片和位置。写完后我会请您确认。\n"
        f"不想写了，点{tap('取消')}。"
    )


def letter_choices(
    kind: str,
    text: str,
    pictures: int,
    details: str = "",
    *,
    ready: str = "",
    like: str = "",
    door: str = "",
    set_aside: bool = False,
) -> str:
    """The text as it stands and what may be done with it.

    details: what it says beside its words; ready: title of a ready answer; like: link to a
    public letter of the same matter; door: the department the matter may belong to.
    """
    lines = []
    if set_aside:
        lines.append("（您上次没有提交的内容已另行保留，不会一并提交。）")
    lines.append(f"您的{kind}：\n“{glimpse(text)}”")
    if pictures:
        lines.append(f"已附图片 {pictures} 张。")
    if details:
        lines.append(details)
    if like:
        lines.append(f"是不是这件事？已有公开答复：{like}")
    if door:
        lines.append(f"这件事可能由{door}办理，您也可以直接联系他们；仍可在这里提交。")
    lines.append("请回复数字：\n1 提交\n2 补充\n3 取消")
    if ready:
        lines.append(f"4 先看现成的答复：{ready}")
    return "\n".join(lines)


def letter_details(place: str, name: str, phone: str, *, may_publish: bool, anonymous: bool) -> str:
    """What is noted beside the words (name and phone masked), and taps for what is not."""
    noted = {"地点": place, "姓名": name, "电话": phone}
    lines = [f"{word}：{glimpse(value, 120)}" for word, value in noted.items() if value]
    if may_publish:
        lines.append("隐去个人信息后可以公开。")
    if anonymous:
        lines.append("不向承办科室透露您的身份。")
    wishes = ["不公开" if may_publish else "同意公开", "不匿名" if anonymous else "匿名"]
    taps = [tap(word) for word in (*noted, *wishes)]
    return "\n".join([*lines, "可补充（选填）：" + "　".join(taps)])


def detail_ask(what: str) -> str:
    return {
        "地点": f"请发送地点，或者直接发微信位置。不想填，点{tap('跳过')}。",
        "姓名": f"请发送您的姓名。加密保存，查看会留下记录。不想填，点{tap('跳过')}。",
        "电话": f"请发送您的电话。加密保存，只用于联系您。不想填，点{tap('跳过')}。",
    }.get(what, which_of(tap("跳过")))


def which_of(choices: str) -> str:
    return f"您要选哪一项？\n{choices}"


def letter_ready(title: str, lines: tuple[str, ...], source: str, note: str) -> str:
    """The ready answer; the letter waits and 1 still hands it in."""
    told = "\n".join(part for part in (title, *lines, source, note) if part)
    return f"{glimpse(told, 1_500)}\n\n如果这已解答，回复 3 取消；仍要提交，回复 1。"


def letter_more() -> str:
    return f"请继续发送要补充的文字或图片，写完后我会请您再次确认。\n不想写了，点{tap('取消')}。"


def letter_received(kind: str, number: str, code: str, due: str, asked: bool = False) -> str:
    """asked: a question handed over by 人工; the row is committed before this is said."""
    handed = "已转给工作人员。\n" if asked else ""
    return (
        f"{handed}已收到您的{kind}。\n编号：{number}\n查询码：{code}\n答复期限：{due}\n\n"
        f"在这里点{tap('进度')}即可查看办理情况。在别处查询需要编号和查询码，请妥善保存，不要告诉他人。"
    )


def letter_cancelled() -> str:
    return "已取消，没有提交。您可以继续提问，或点" + tap("帮助") + "查看用法。"


def picture_added(count: int) -> str:
    return f"已附上第 {count} 张图片。"


def picture_alone() -> str:
    return (
        f"图片已看到。如果要随建议一起提交，请先点{tap('建议', '提建议')}写下内容，再发图片；"
        "如果是提问，请用文字告诉我们。"
    )


def glimpse(text: str, limit_bytes: int = SHOWN_BYTES) -> str:
    """The beginning and the length of a text too long to be shown whole."""
    return cut(text, limit_bytes, f"……（共{len(text)}字）")


# ── 进度 ──────────────────────────────────────────────────────────────────────


def progress_none() -> str:
    return (
        f"您还没有提交过建议或来信。点{tap('建议', '提建议')}开始；"
        "在别处提交的，请发送“进度 编号 查询码”。"
    )


def progress_list(rows: list[tuple[str, str, str]]) -> str:
    """rows: (number, kind, state), newest first → a list to choose from."""
    lines = [
        f"{place} {kind} {tap(f'进度{number}', number)}\n　{state}"
        for place, (number, kind, state) in enumerate(rows, start=1)
    ]
    return "您提交的事项（回复数字查看）：\n" + "\n".join(lines)


def progress_head(
    number: str, kind: str, state: str, received: date, due: str, office: str, title: str
) -> str:
    where = f"\n承办：{office}" if office else ""
    return (
        f"{kind} {number}\n“{title}”\n状态：{state}{where}\n"
        f"提交：{day_words(received)}\n期限：{due}"
    )


def progress_apart(numbers: list[str]) -> str:
    """One letter, several tickets: the others of it."""
    return "来信说了几件事，另外分开办理：" + "、".join(tap(f"进度{n}", n) for n in numbers)


def progress_reply(text: str, part: int, parts: int, number: str) -> str:
    count = f"（第{part}页，共{parts}页）" if parts > 1 else ""
    more = f"\n{tap(f'进度{number}续{part + 1}', '下一页')}" if part < parts else ""
    return f"答复{count}：\n{text}{more}"


def progress_not_found() -> str:
    return (
        "没有找到您的这件来信，或者查询码不对。\n用其他微信号或在别处提交的，"
        f"请发送“进度 编号 查询码”；自己提交的，点{tap('进度')}查看。"
    )


def progress_withdraw(number: str) -> str:
    return f"不想办了，点{tap(f'撤回{number}', '撤回')}。"


def withdraw_confirm(number: str, title: str) -> str:
    return (
        f"将撤回 {number}：\n“{title}”\n撤回后不再办理，也不能恢复。请回复数字：\n1 撤回\n2 不撤回"
    )


def withdrawn(number: str) -> str:
    return f"{number} 已撤回，不再办理。"


def withdraw_left(number: str) -> str:
    return f"没有撤回，{number} 照常办理。"


def supplement_received(number: str, due: str) -> str:
    return f"{number} 的补正已收到，答复期限从今天重新计算：{due}。"


# ── 评价 ──────────────────────────────────────────────────────────────────────


def rating_ask(number: str, grades: list[str]) -> str:
    lines = "\n".join(f"{place} {grade}" for place, grade in enumerate(grades, start=1))
    return f"请您评价 {number} 的答复，回复数字：\n{lines}"


def rating_thanks(grade: str) -> str:
    return f"已记下您的评价：{grade}。谢谢您！"


def rating_ask_reason(grade: str, redo_due: str) -> str:
    redo = f"我们将重新办理，并在{redo_due}再次答复您。\n" if redo_due else ""
    return (
        f"已记下您的评价：{grade}。\n{redo}"
        f"请告诉我们哪里不满意，直接发送即可；不想说明，点{tap('取消')}。"
    )


def rating_reason_kept() -> str:
    return "已记下，谢谢您的意见，承办科室会看到。"


def rating_nothing() -> str:
    return f"目前没有等待您评价的答复。点{tap('进度')}查看您提交的事项。"


# ── 工作人员 ──────────────────────────────────────────────────────────────────


def staff_bound(name: str) -> str:
    return f"已绑定工作人员账号：{name}。可发送“回复 编号 内容”答复来信。"


def staff_unknown() -> str:
    return "没有找到这件来信，或您的微信没有绑定工作人员账号。"


def staff_reply_confirm(number: str, title: str, text: str) -> str:
    return (
        f"将答复 {number}：\n“{title}”\n\n答复内容：\n{glimpse(text)}\n\n"
        "请回复数字：\n1 发出\n2 放弃"
    )


def staff_reply_sent(number: str) -> str:
    return f"{number} 的答复已发出。"


def staff_reply_for_review(number: str) -> str:
    return f"{number} 的答复已提交审核。"


def staff_reply_dropped() -> str:
    return "已放弃，没有发出。"
