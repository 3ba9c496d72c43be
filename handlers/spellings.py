"""What people type for the words that stay: patterns for the whole of a message as it is heard.

Heard means half-width, simplified, without blanks and closing marks (`handlers.context.heard`).
"""

from core.numbering import NUMBER

TICKET = rf"(?i:{NUMBER.pattern})"
HAN = "\u4e00-\u9fff"

# After a letter was shown: a choice, or a word that only agrees and gets the list once more.
SUBMIT = r"\d|(1[.、]?)?(确认)?提交吧?|(2[.、]?)?补充|(3[.、]?)?取消"
AGREES = r"好|好的|是|是的|对|对的|确认|确定|可以|行|嗯|没问题|发送|(?i:ok|yes)"
LETTER_CHOICE = f"{SUBMIT}|{AGREES}"

FOLLOW_ALL = "订阅(全部|所有)(主题)?|全部订阅"
LEAVE_ALL = (
    r"(全部)?退订(全部)?|(全部)?取消(全部|所有)?订阅|(?i:td)|"
    r"我?(不想|不要|别)再?(收到?|接收|推送|通知|发)(消息|通知|推送)?了?"
)
LEAVE_ONE = "(退订|取消订阅).+"
MINE = (
    r"(我要|我想)?(查|查询|查看|看)(一下|下)?(办理)?(进度|进展)|(办理|我的)(进度|进展)|进展|"
    "我的(建议|来信)"
)
PROGRESS = rf"(?i:进度({TICKET}.*|[^{HAN}]*)|{TICKET})"
COMPLAINT = "(我要|我想|怎么|如何)?(投诉|举报|反映问题|反映情况|告状)"

WHO = (
    "(请问)?[你您](到底)?是(谁|什么|干什么的|做什么的|机器人|真人|人工)[吗啊呀呢]?|你叫什么(名字)?"
)
PLACE = "(请问)?(你们|财政局|贵局|大厅|窗口)?的?"
WHEN = "(几点|什么时候|啥时候|周末|周六|周日|星期六|星期天|中午|今天|明天)"
HOURS = (
    f"{PLACE}{WHEN}(能|还)?(上班|下班|开门|关门|办公)[吗不]?|"
    f"{PLACE}(上班|工作|办公)时间(是(什么时候|几点|多少)?)?"
)

# Right after an answer: said of it, as the tap 答得不对 is.
WRONG = (
    "(你|您)?(回答|答|说|讲)的?得?(不对|错|不准|有误)(了|啦|吧)?|"
    "(这|那)?(个|条)?(答案)?(不对|错)(了|啦|吧|啊)?|答非所问"
)
