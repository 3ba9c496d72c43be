"""What is to be done with a matter: set up, change, replace, cancel, look up … in both tongues."""

import re

ACTIONS: tuple[tuple[str, str, str], ...] = (
    # action, how titles say it, how people say it
    (
        "create",
        "设立|新办|新设|首次|初次|核发|签发|开办|成立|新申请",
        "开个|想开|要开|开办|成立|新办|想办|刚办|头一次|第一次|首次|设立|新开",
    ),
    (
        "replace",
        "补办|补领|补发|遗失|换领|换发|补换|补证|换证|挂失",
        "丢|掉了|遗失|不见了|补办|补一|补个|补领|挂失|损坏|破了|坏了|旧了|到期了|过期|重办",
    ),
    (
        "change",
        "变更|更正|修改|调转",
        "变更|变了|改名|改成|换老板|换法人|换了|换地|换名|换人|搬家|搬了|搬到|修改|错了|改一|要改|更正|改了",
    ),
    (
        "cancel",
        "注销|终止|撤销|停业|歇业",
        "注销|不干|不做了|不开了|关门|不要了|销户|终止|撤销|停业",
    ),
    ("extend", "延续|延期|续期|展期|审验|年检|年审", "延期|延续|续期|续证|快到期|展期|年审|年检"),
    (
        "query",
        "查询|查验|查档|进度|公示|公开|查看|检索",
        "查|看看|在哪看|进度|到哪一步|公示|公开|真假|真伪",
    ),
    (
        "move",
        "转移|迁移|迁入|迁出|转入|转出|接续|异动",
        "转到|转过|转来|转走|转出|转入|迁到|迁来|转学|迁户|转移|调到",
    ),
    (
        "refund",
        "退付|退还|退费|退税|返还",
        "退钱|退费|退款|退回|能退|怎么退|退吗|退不|多交|交错|交重|多缴|缴错|缴重|重复",
    ),
    ("complain", "投诉|举报|信访|复议|质疑", "投诉|举报|告他|反映|检举|质疑|复议|上访"),
    ("collect", "领取|发放|申领|领用", "领|发放|到账|拿证"),
    ("register", "登记|注册|报名|采集", "登记|注册|报名|采集"),
    ("record", "备案", "备案|报备"),
)
IN_TITLES = tuple((name, re.compile(official)) for name, official, _ in ACTIONS)
IN_QUESTIONS = tuple((name, re.compile(everyday)) for name, _, everyday in ACTIONS)
IN_LOOKUP = dict(IN_QUESTIONS)["query"]
PRICED = re.compile(
    "收费标准|征收标准|收费|工本费|费用|费$|费收|学费|标准$|价格|免费|保教费|报名费|多少钱"
)


def actions_of_title(title: str) -> frozenset[str]:
    """The actions an entry's title names."""
    return frozenset(name for name, pattern in IN_TITLES if pattern.search(title))


def actions_of_question(text: str) -> frozenset[str]:
    """The actions a normalised question asks for."""
    return frozenset(name for name, pattern in IN_QUESTIONS if pattern.search(text))


APPLIED_FOR = re.compile("申报|申请|审批|报批|批复|开户|注册|设立|备案|编制|拨付|划拨")


def only_looked_up(title: str, text: str) -> bool:
    """True when a title tells where to look something up, and a question how to apply for it."""
    return title.endswith("查询") and bool(APPLIED_FOR.search(text)) and not IN_LOOKUP.search(text)


def is_priced(title: str) -> bool:
    """True when a title is about what something costs."""
    return bool(PRICED.search(title))
