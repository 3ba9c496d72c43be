"""Every sentence the bot says, on one page, so that the office can read and change them.

Each stays within 2 048 bytes (WeChat's limit for a text reply) and uses full-width punctuation.
"""

from core.wording import hours_words, plain, tap

# ── 关注与帮助 ────────────────────────────────────────────────────────────────


def welcome(bureau: str) -> str:
    return (
        f"欢迎关注{bureau}。\n\n"
        "您可以直接提问，例如：“代理记账要什么材料”“不动产登记费多少钱”。\n\n"
        f"{tap('订阅')}　公开信息，发布时通知您一次\n"
        f"{tap('建议', '提建议')}　有编号、有期限、有答复\n"
        f"{tap('进度', '查进度')}　看看办到哪一步了\n"
        f"{tap('帮助')}　查看全部用法"
    )


def help_text() -> str:
    return (
        "您可以这样用：\n"
        "· 直接提问：护照多少钱、代理记账要几天\n"
        "· 订阅：查看全部主题；“订阅 预决算”“退订 预决算”“退订”（全部）\n"
        "· 立即、每天一次、每周一次：多久通知一次；“每天一次 预决算”只改一个主题\n"
        "· 建议 我的建议……：提交建言献策\n"
        "· 信箱 我的来信……：写给局长\n"
        "· 进度：查看您提交的事项；“进度 编号”查看其中一件\n"
        "· 人工：转给工作人员\n"
        "· 取消：放弃正在填写的内容"
    )


# ── 订阅 ──────────────────────────────────────────────────────────────────────


def topic_list(topics: list[tuple[str, bool]], own_page: str) -> str:
    """topics: (name, already followed) → the list with a tap beside each, and the person's page."""
    taps = [
        tap(f"退订{name}", "已订阅，退订") if followed else tap(f"订阅{name}", "订阅")
        for name, followed in topics
    ]
    lines = [f"· {name}　{choice}" for (name, _), choice in zip(topics, taps, strict=True)]
    return (
        "公开信息按主题订阅，发布时通知您一次：\n"
        + "\n".join(lines)
        + f"\n也可以在网页上管理：{link(own_page, '我的订阅')}（7 天内有效，请勿转发）"
    )


def topic_followed(name: str) -> str:
    return (
        f"已为您订阅“{name}”。有新的公开信息时会通知您一次。\n不想再收到，点{tap(f'退订{name}')}。"
    )


def topic_followed_all(count: int) -> str:
    return (
        f"已为您订阅全部 {count} 个主题。有新的公开信息时会通知您一次。\n"
        f"觉得太多，可以改为{tap('每周一次')}，或点{tap('订阅')}逐个选择。"
    )


def topic_already_followed(name: str) -> str:
    return f"您已订阅“{name}”，不必重复订阅。\n不想再收到，点{tap(f'退订{name}')}。"


def topic_left(name: str) -> str:
    return f"已退订“{name}”，今后不再通知。想重新接收，点{tap(f'订阅{name}')}。"


def topic_not_followed(name: str) -> str:
    return f"您没有订阅“{name}”。点{tap('订阅')}查看全部主题。"


def topic_left_all(count: int) -> str:
    return f"已退订全部 {count} 个主题，今后不再通知。想重新接收，点{tap('订阅')}。"


def topic_none_to_leave() -> str:
    return f"您目前没有订阅任何主题。点{tap('订阅')}查看全部主题。"


def topic_unknown(words: str) -> str:
    return f"没有找到“{words}”这个主题。点{tap('订阅')}查看全部主题。"


# ── 其他 ──────────────────────────────────────────────────────────────────────


def ask_examples() -> str:
    return (
        "请直接输入您的问题，例如：\n"
        f"· {tap('代理记账要什么材料')}\n"
        f"· {tap('不动产登记费多少钱')}\n"
        f"· {tap('残保金怎么算')}"
    )


def about_me(bureau: str) -> str:
    return (
        f"我是{bureau}公众号的自动应答，按审核过的目录和指南回答收费、基金和办事方面的问题。"
        f"我答不了的，点{tap('人工')}交给工作人员。"
    )


def open_hours(hours: str) -> str:
    return f"工作日 {hours_words(hours)} 有人值守，法定节假日休息。这里随时可以提问和留言。"


def ourselves(bureau: str, address: str, phone: str, hours: str) -> str:
    """Where the bureau is and how it is reached; what nobody has set is said honestly."""
    lines = [
        f"地址：{address}" if address else "",
        f"电话：{phone}" if phone else "",
        f"工作时间：工作日 {hours_words(hours)}，法定节假日休息",
    ]
    wanting = "、".join(name for name, said in (("地址", address), ("电话", phone)) if not said)
    missing = f"{wanting}还没有登记在这里，请以本局门户网站公布的为准，或点{tap('人工')}留言。"
    return "\n".join([f"【{bureau}】", *filter(None, lines), *([missing] if wanting else [])])


def complaint_ways() -> str:
    return (
        "请选一种方式，都会有编号、期限和答复：\n"
        f"· {tap('信箱', '写给局长')}　反映问题、投诉工作作风\n"
        f"· {tap('人工', '交给工作人员')}　说明情况，请人办理\n"
        f"· {tap('政府采购投诉怎么办', '政府采购投诉')}　供应商投诉的办理程序\n"
        "其他部门的事可拨 12345。"
    )


def staff_ask(hours: str) -> str:
    return f"请写下要问工作人员的问题（工作时间 {hours_words(hours)}），写好后会让您确认再提交。"


def staff_offer(hours: str, choices: str) -> str:
    open_at = hours_words(hours)
    return f"可以把您的问题交给工作人员（工作时间 {open_at}），有编号、有期限、有答复。\n{choices}"


def wrong_noted() -> str:
    return f"谢谢指正，已经记下，工作人员会核对这条答案。急需答复请点{tap('人工')}。"


def right_noted() -> str:
    return "谢谢，已经记下。还有问题请直接说。"


def nothing_to_cancel() -> str:
    return f"当前没有正在填写的内容。点{tap('帮助')}查看用法。"


def cancelled() -> str:
    return "已取消。您可以继续提问，或点" + tap("帮助") + "查看用法。"


def in_trouble(number: str) -> str:
    return f"抱歉，系统暂时没能处理您的消息，请稍后再试。如需反映，请告知编号 {number}。"


def busy() -> str:
    return "现在咨询的人较多，请过一分钟再试。请重新发送一次。"


def too_many() -> str:
    return "您发送得有些快，请稍等一分钟再试。"


def cut_short() -> str:
    return "……（内容较长，未能全部显示）"


KINDS = {
    "image": "图片",
    "video": "视频",
    "shortvideo": "视频",
    "link": "链接",
    "location": "位置",
    "miniprogrampage": "小程序",
}


def cannot_read(kind: str) -> str:
    return f"暂时不能识别{KINDS.get(kind, '这类')}消息，请用文字告诉我们。点{tap('帮助')}查看用法。"


def voice_empty() -> str:
    return "没有听清您的语音，请再说一遍，或者用文字告诉我们。"


# ── 问答 ──────────────────────────────────────────────────────────────────────

SLOT_QUESTIONS = {
    "fee": "多少钱",
    "materials": "要什么材料",
    "process": "怎么办",
    "time_limit": "要几天",
    "conditions": "什么条件",
    "where": "在哪办",
    "phone": "咨询电话",
    "basis": "政策依据",
}
SMALL_TALK = {
    "abuse": "我们在听。有具体的事请直接说，也可以点“建议”反映，会有编号和答复。",
    "advert": "这里只回答财政收费、基金和办事方面的问题。",
    "distress": (
        "您的平安最要紧。难受的时候请现在就拨打全国统一心理援助热线 12356，或者告诉身边信任的人；"
        "有紧急危险请马上拨打 110 或 120。遇到的难处也可以说给我们，点"
        + tap("人工")
        + "会有工作人员看到。"
    ),
    "chat": "我只会回答财政收费、基金和办事方面的问题，例如：“代理记账要什么材料”。",
    "garbage": "没有看懂这条消息。请用一句话说说想问什么，例如：“护照多少钱”。",
    "greeting": "您好，请直接提问，例如：“代理记账要什么材料”“不动产登记费多少钱”。",
    "thanks": "不客气。还有问题请直接说。",
}


def tap_entry(entry: str, words: str, shown: str) -> str:
    """A tapped choice that names its entry: it is understood long after its list has gone."""
    return tap(words, shown, entry)


def link(url: str, shown: str) -> str:
    return f'<a href="{url}">{plain(shown)}</a>'


def answer_title(title: str) -> str:
    return f"【{title}】"


def answer_source(source: str) -> str:
    return f"来源：{source}"


def answer_right() -> str:
    return tap("有用")


def answer_wrong() -> str:
    return tap("答得不对")


def more_of(title: str) -> str:
    return f"查看“{title}”全文"


def which_one() -> str:
    return "您想问的是不是（点一项或回复数字）："


def which_of_list() -> str:
    return "您要选哪一项？（点一项或回复数字）"


def none_of_these() -> str:
    return f"都不是？换个说法再问，或点{tap('人工')}。"


def not_known() -> str:
    return f"这个问题我还答不上来，已经记下。可以换个说法再问，或点{tap('人工')}转给工作人员。"


def not_known_again(hours: str) -> str:
    open_at = hours_words(hours)
    return f"抱歉，还是没有答上来。点{tap('人工')}可以把问题交给工作人员（工作时间 {open_at}）。"


def belongs_elsewhere(department: str, phone: str) -> str:
    number = f"，电话 {phone}" if phone else ""
    return f"这件事不归财政部门管，请问{department}{number}。不确定找谁可拨 12345。"


def other_matter(words: str, department: str, phone: str) -> str:
    number = f"，电话 {phone}" if phone else ""
    return f"“{plain(words)}”不归财政部门管，请问{department}{number}。"


def wish_of_service() -> str:
    return (
        "您说的像是一条意见。请以“建议”开头写下来发给我们，会有编号、期限和答复："
        f"{tap('建议', '提建议')}"
    )


def no_list() -> str:
    return f"现在没有可以选的列表。请直接说您想问什么，或点{tap('帮助')}查看用法。"


def no_such_choice(count: int) -> str:
    return f"请回复 1 到 {count} 之间的数字，或直接提问。"
