"""Messages that ask nothing of the office: greetings, thanks, abuse, adverts, chat, key-mashing."""

import re

ABUSE = re.compile(
    "傻[xb逼叉缺]|脑残|智障|白痴|废物|垃圾(?!费|处理|清运|袋|桶|分类|站|场|车|焚烧|"
    "填埋)|骗子|吃干饭|滚(?:蛋|吧|开| |$)|他妈|妈的|tmd|nmsl|sb(?![a-z])|"
    "有病(?!假)|混蛋|王八|操你|去死|等着瞧|狗屁|放屁|贪官|饭桶|人渣|不要脸|蠢货|取关"
)
THANKS = re.compile(
    "^(?:谢谢|多谢|感谢|谢了|辛苦|好的|知道了|明白了|收到|ok|嗯|哦|行|好|可以|没事了)+"
)
GREETING = re.compile(
    "^(?:你好|您好|早上好|上午好|中午好|下午好|晚上好|早安|晚安|午安|嗨|hi|hello|在吗|在不在|在么|有人吗|有人在吗|有人没|喂|早|哈喽)+"
)
CHAT = re.compile(
    "^(?:你|您|恁)?(?:是|就是)?(?:不是)?谁(?:啊|呀|呢)?(?:$| |你)|(?:你|您|恁)(?:是|"
    "就是)?(?:不是)?(?:机器人|真人|人工智能|ai)|你叫什么|你叫啥|你几岁|你多大|讲个|"
    "唱首|唱歌|笑话|天气|火锅|"
    "红烧|电影(?!院|事业|放映|票房|发行|专项|基金)|王者荣耀|段位|翻译|周杰伦|开奖号码|星座|股票|比特币|帮我写|写一?篇|写个|作文|情书|检讨|做饭|吃什么药|几点了|忽略以前|忽略之前|忽略上面|"
    "^(?:哈|呵|嘿|嘻|啊|哎|额|呃|嗯|哦|6|1|0|\\d){2,}$"
)
ADVERT = re.compile(
    "加(?:我)?(?:微信|qq|v|vx)|无抵押|当天放款|低息|兼职|刷单|代开.{0,8}(?:点|联系|微信)|点数低|有需要联系|代办信用卡|优惠酬宾|中奖|投资理财|高回报|点击链接|扫码领|贷款.{0,6}放款"
)
POLITE_REST = re.compile(
    "啊|呀|呢|吧|吗|了|哈|你们|您|你|的|大家|各位|哦|呗|一群|都是|单位|公众号|机器人|什么都不懂|啥都不懂|就是|真是|真|太|都|个|是"
)
SUGGESTS = re.compile(
    "建议(?!怎么|如何|在哪|咋|提交)|能不能(?:弄|做|加|改|搞|把|每|出|开个|增)|可不可以(?:弄|做|加|改|增)|希望(?:你们|能)|字(?:体)?(?:太|忒|这么)?(?:小|大)|看不清|打不开|打不通|点不开|用不了|界面|"
    "没更新|不更新|更新了没|推送(?:一次|太多|这么多)|做个功能|增加(?:一个)?功能"
)


def small_talk(text: str) -> str:
    """What kind of small talk a normalised message is; empty when it may be a question."""
    if not text:
        return "garbage"
    rest = text
    for kind, pattern in (("abuse", ABUSE), ("thanks", THANKS), ("greeting", GREETING)):
        without = pattern.sub("", rest)
        if without != rest and len(POLITE_REST.sub("", without).replace(" ", "")) <= 3:
            return kind
    if ADVERT.search(text):
        return "advert"
    if CHAT.search(text):
        return "chat"
    return "garbage" if len(set(text.replace(" ", ""))) <= 1 else ""


def suggests(text: str) -> bool:
    """True for a wish about our own service rather than a question about a matter."""
    return bool(SUGGESTS.search(text))
