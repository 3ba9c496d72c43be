"""What exactly is asked of a matter: its fee, papers, days, place … and which words asked it."""

import re
from dataclasses import dataclass

WHAT = "(?:什么|啥|哪些|些啥|哪几样|几样)"
GENERAL = (
    rf"会不会|会保密|保密不|是{WHAT}(?:钱|费|东西|意思|基金|玩意)|{WHAT}区别|{WHAT}意思|有多少$"
)
COUNTED = r"(?!个?(?:学分|课时|学时|人|名|工作日|天|年|岁|注册|会计|专职))"
FEE = (
    rf"多少(?:钱|元|块)|几块钱?|几毛|几元|几个点|多少个?点|百分之几|[打按]?几折|好多钱|{WHAT}价|价钱|价格|价位|贵|"
    r"免费|(?:收费|征收|缴费|费用)标准|收费|费用|费率|工本费|比例多少|[要收花给拿掏使]钱|交钱[不吗么]|"
    rf"(?:收|交|缴|补|掏|花|要|付|给|扣|提|罚|赔|出|使|得|各|费|的|证|许可|金|票|注|课|科)(?:得|了|我|是|要)?多少{COUNTED}|"
    rf"补贴多少{COUNTED}|多少一?[本证件张副年月次平吨度亩]|[怎咋]么?[收算]|如何计算|怎么计费|交几|收几|封顶|"
    r"\d(?:块|元)(?:一|对|吗|不|$)|收(?:我|了)?\d+|\d+还是\d+|是不是\d+块|再交[吗不]|要(?:再)?交(?:钱|费)"
)
PERIOD = (
    rf"有效期|几月份?|哪个月|{WHAT}时候(?:报名|开始|考|开考|停|实行|执行)|几时报名|报名(?:时间|日期)|"
    r"多久.{0,4}一次|几年一|每年几|[到过]期了?[吗没]|到(?:什么|啥)时候|执行到|"
    r"还(?:减|免|征|收|能免|在收|有效|按).{0,3}[吗不么]|(?:停|取消)了?[吗没]|开始申报|申报期|哪年|从(?:什么|啥)时候|几号(?:开始|到)"
)
TIME_LIMIT = (
    r"几天|多少天|多久|多长时间|[几多]少?个工作日|几个月[内能]|时限|期限|限期|(?:什么|啥)时候|几时|何时|几号|截止|最晚|最迟|"
    r"[天月]了.{0,6}(?:没|还)|(?:天|月|年|周|回|信儿|动静|音信|答复).{0,4}没(?:个|有)?(?:人|信|回|动静|结果|消息|批|到)|"
    r"没人[回管理]|没回音|多会|快不快|当天|当场|办结|[得要]多长|下来|到手|没到账|到账没"
)
MATERIALS = (
    rf"{WHAT}?(?:材料|资料|手续|证件)(?:清单|有|是|要|需|$|呢|吗)|(?:{WHAT}|要|需|带|"
    rf"准备)[^ ]{{0,4}}(?:材料|资料|手续(?!费)|证件|东西)|"
    rf"[带拿](?:些|点)?{WHAT}|(?:准备|提交|提供|递交|上报|报|交|需要|要交|要带|要报)(?:些|点)?{WHAT}|要{WHAT}(?!条件|时候|学历|资格|职称)|"
    r"要复印|表格"
)
WHERE = (
    rf"在哪|哪里|哪儿|[去到上]哪|哪个(?:部门|单位|窗口|科|网|地方|平台|银行)|{WHAT}(?:网|地方|平台)|网址|地址|哪[能查看]|找谁|找哪|问谁|"
    r"谁管|归谁|谁负责|向谁|跟谁|[交递给]给?谁|几楼|窗口|网点|[怎咋]么?查|如何查|查询|归(?:这|你们|恁)?管|想看|看得到|能查"
)
LOOKED_UP = r"(?:在哪|去哪|到哪|哪里|哪儿)(?:里|儿)?(?:能|可以)?(?:查|看)"
CONDITIONS = (
    rf"条件|要求|{WHAT}(?:学历|人|样的人?)能?|学历|谁能|哪些人|够不够|[要得需]要?几个(?!工作日|月)|几名|几个人|多少个?(?:人|名|学分|课时|学时)|"
    r"[要满]几年|年限|年龄|多大|几学分|学分|课时|学时|[怎咋]么?才?能?当|当上|够格|门槛|算[一几两]个|算俩|一封信"
)
ELIGIBILITY = (
    r"能不能|可不可以|能否|可否|是否|有没有资格|[给补]不[给补]|用不用|需不需要|该不该|"
    r"(?:能|可以|需要|用|要|给|补|免|减|算|属于|享受|报销|报)[^ ]{0,9}(?:吗|嘛|[不么](?: |$))|"
    r"给.{0,6}(?:报销|补).{0,4}[吗不没]|也(?:交|要|收|算)[吗不]|免吗|减吗|补吗|行[吗不]|可以[吗不]"
)
REFUND = r"[能给]退|退[吗不]|要不要换|怎么退"
PROCESS = (
    r"[怎咋](?:么|样)?(?:办|弄|整|搞|写|报|进|扫|补|领|换|交|缴|注册|申请|登记)|"
    r"[怎咋](?:么|样)?(?:开|用|填|投诉|举报|改|参加)|"
    r"如何|怎样|流程|步骤|程序|操作"
)
WEAK_PROCESS = (
    r"怎么|咋|办理|申请|申报|注册|登记|补办|补领|换领|申领|首次办|投诉|举报|提交|交错|缴错|丢了"
)
PHONE = r"电话|号码是|联系方式|[怎咋]么?联系|如何联系|热线|座机|打哪个|打几号|手机号"
BASIS = (
    rf"依据|(?:哪个|{WHAT}|哪份)文件|哪条|法律规定|{WHAT}规定|哪项规定|文号|合法|合规|"
    rf"凭{WHAT}|根据{WHAT}|按哪个|还按这个|作废|号文|红头文件"
)
STRONG = tuple(
    (slot, re.compile(pattern))
    for slot, pattern in (
        ("general", GENERAL),
        ("phone", PHONE),
        ("basis", BASIS),
        ("where", LOOKED_UP),
        ("period", PERIOD),
        ("fee", FEE),
        ("time_limit", TIME_LIMIT),
        ("materials", MATERIALS),
        ("process", REFUND),
        ("where", WHERE),
        ("process", PROCESS),
        ("conditions", CONDITIONS),
        ("eligibility", ELIGIBILITY),
    )
)
WEAK = (
    ("fee", re.compile(r"费(?: |$)")),
    ("process", re.compile(WEAK_PROCESS)),
    ("fee", re.compile(r"多少|收入$")),
    ("where", re.compile(r"公[开示]$|公布$")),
)
ASKING = re.compile(
    "多少钱|多少元|几块钱|几个点|收费标准|征收标准|收费|费用|要钱|收钱|花钱|交钱|电话|联系方式|材料|资料|手续|带什么|带啥|准备|"
    "几天|多少天|多久|多长时间|什么时候|啥时候|几号|截止|在哪里|在哪|哪里|哪儿|去哪|到哪|找谁|怎么办|咋办|怎么弄|咋弄|怎么|"
    "如何|怎样|咋|流程|步骤|条件|要求|依据|可以|能不能|需要|多少|哪些|哪个|什么|啥|吗|呢|吧|嘛|呀|啊|么|的|了|我|俺|你们|恁|"
    "我们|咱|想|要|得|能|给|请|去|来|是|有|没|不|这|那|个|一下|下|再|还|都|就|也|和|与|在|到|把|被|让|用|谁|几"
)
RAMBLING = 4  # clauses from which the question is looked for at the end


@dataclass(frozen=True, slots=True)
class Asked:
    """The slot asked, and for every character of the question whether it only asks (1) or not."""

    slot: str
    asking: bytes


def slot_of(text: str) -> str:
    """The slot of a normalised question; `general` for a bare topic.

    Of several questions in one message the first counts, of a long story the last.
    """
    clauses = text.split(" ")
    asked_in_turn = [slot for clause in clauses if (slot := _strong(clause))]
    if asked_in_turn:
        return asked_in_turn[-1 if len(clauses) >= RAMBLING else 0]
    return next((slot for slot, pattern in WEAK if pattern.search(text)), "general")


def _strong(clause: str) -> str:
    return next((slot for slot, pattern in STRONG if pattern.search(clause)), "")


def slots_in(text: str) -> list[str]:
    """The slots that the clauses of a normalised text ask, each once, in their order."""
    return list(dict.fromkeys(slot for c in text.split(" ") if (slot := _strong(c))))


def asked(text: str) -> Asked:
    """The slot, and which characters of a normalised question only ask."""
    return Asked(slot_of(text), asking_in(text))


def asking_in(text: str) -> bytes:
    """For every character 1 when it only asks."""
    marks = bytearray(len(text))
    for match in ASKING.finditer(text):
        marks[match.start() : match.end()] = b"\1" * (match.end() - match.start())
    return bytes(marks)
