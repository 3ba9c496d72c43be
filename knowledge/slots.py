"""What exactly is asked of a matter: its fee, papers, days, place … and which words asked it."""

import re
from dataclasses import dataclass
from functools import lru_cache

WHAT = "(?:什么|啥|哪些|些啥|哪几样|几样)"
GENERAL = (
    rf"会不会|会保密|保密不|"
    rf"是(?:个|一种)?{WHAT}(?:钱|费|东西|意思|基金|玩意|名堂|项目|(?: |$))|{WHAT}区别|"
    rf"{WHAT}意思|"
    r"有多少$|[干做]啥用|干什么用|介绍(?:一下|下)|有啥不一样"
)
COUNTED = r"(?!个?(?:学分|课时|学时|人|名|工作日|天|年|岁|月|注册|会计|专职|股东|合伙|科目|页|件))"
NUMBERS = (
    "(?<!学分)(?<!学时)(?<!课时)(?<!年龄)(?<!号码)(?<!电话)(?<!热线)(?<!人数)(?<!时间)"
    "(?<!编号)(?<!资金)(?<!资本)(?<!面积)(?<!工资)(?<!额度)(?<!能贷)(?<!可贷)"
)
PIECE = "[本张个证副面件页卡台针门科次条份套块方吨度亩平户月年户笔]"
FEE = (
    rf"(?<![发欠拨借]了)(?<![发欠拨借])多少(?:钱|元|块|米$|银子|毛)|几块钱?|几毛|几角|几元|"
    rf"几厘|几成|几个点|多少个?点|"
    rf"百分之(?:几|多少)|[打按]?几折|打折|好多(?:钱|$)|几多|几许|几何|几个钱|{WHAT}价|价钱|"
    rf"价格|价位|贵|(?<![修拿够满考])几分(?!钟|制)|"
    rf"{NUMBERS}多少(?: |$)|{PIECE}(?:要|得|收|是|交|给)?多少(?: |$)|"
    rf"[每一]{PIECE}(?:收|要|是|交)?几(?:块|毛|分|厘|元)|"
    rf"算算|算一下|帮[我忙]?算|收不收|要不要(?:再|另)?(?:交|花|掏|收|给|出)?(?:钱|费)|"
    rf"(?:率|比例|标准)(?: |$)|税率|扣多少|"
    r"免费|(?:收费|征收|缴费|费用)标准|收费|费用|费率|工本费|比例多少|[要收花拿掏使加]钱|"
    r"(?:交|给|出)钱[不吗么]|白办|免费|谁出钱|"
    rf"(?:收|交|缴|补|掏|花|要|付|给|扣|提|罚|赔|出|使|得|各|费|的|证|许可|金|票|注|课|科)(?:得|了|我|是|要)?多少{COUNTED}|"
    rf"补贴多少{COUNTED}|多少一?[本证件张副年月次平吨度亩]|[怎咋]么?[收算]|如何计算|怎么计费|"
    rf"交几|收几|封顶|"
    r"\d(?:块|元)(?:钱)?(?:一|对|吗|不|吧|么|还是|$)|收(?:我|了)?\d+|\d+还是\d+|是不是\d+块|"
    r"再交[吗不]|[要用需得](?:再|另)?[交缴](?:钱|费)|[交缴]费[吗不么]|"
    r"费(?:用)?要.{0,3}[交缴][吗不么]|(?<![退给还有没发花交])钱(?: |$)|"
    r"(?:费|钱|还|都)(?:是|要)?\d+(?:块|元)?(?:钱)?(?:吧|吗|对不|么|$)|"
    r"[十百]块(?:钱)?(?:吧|吗|对不|么|$)|凭啥收|要收费|收钱"
)
PERIOD = (
    rf"有效期|几月份?|哪个月|{WHAT}时候(?:报名|开始|考|开考|停|实行|执行)|几时报名|"
    rf"报名(?:时间|日期)|"
    r"多久.{0,4}一次|几年一|每年几|[到过]期了?[吗没]|到(?:什么|啥)时候|执行到|"
    r"还(?:减|免|征|收|能免|在收|有效|按)(?:.{0,3}[吗不么]|.{0,10}[吗不么没](?: |$))|"
    r"(?:停|取消|废)了?[吗没]|开始申报|申报期|哪年|哪一年|"
    r"从(?:什么|啥)时候|几号(?:开始|到)|管(?:几年|多久|多长)|有效几年|几年有效|[能可]?用几年|"
    r"执行多久|长期有效|"
    r"(?:什么|啥)时候(?:取消|停征|降|涨|改|起|有效)|多久(?:认|评|审|换|采|报|考)一|"
    r"(?:优惠|减免|减半|免征).{0,6}到(?:哪|什么|啥|几|多)|"
    r"什么时间(?:报名|考试|开始)|[几哪]月份?(?:报|考|开始|办)"
)
TIME_LIMIT = (
    r"几天|多少天|多少日|几日(?!游)|多久|多长时间|[几多]少?个?工作日|几个月[内能]|时限|期限|"
    r"限期|(?:什么|啥)(?:时候|时间)|几时|何时|几号|截止|最晚|最迟|"
    r"[天月]了.{0,6}(?:没|还)|"
    r"(?:天|月|年|周|回|信儿|动静|音信|答复).{0,4}没(?:个|有)?(?:人|信|回|动静|结果|消息|批|到)|"
    r"[拖等]多|要等|加急|快点|没人[回管理]|没回音|多会|快不快|当天|当场|办结|[得要]多长|下来|"
    r"到手|没到账|到账没"
)
MATERIALS = (
    rf"{WHAT}?(?:材料|资料|手续|证件)(?:清单|要|需|呢|吗)|(?:{WHAT}|要|需|带|"
    rf"准备)[^ ]{{0,4}}(?:材料|资料|手续(?!费)|证件|东西)|"
    rf"[带拿传附填备](?:些|点)?{WHAT}|"
    rf"(?:准备|提交|提供|递交|上传|上报|出示|出具|报|交|交回|需要|要交|要带|要报|要传|要填|写)(?:些|点)?{WHAT}|"
    rf"(?:要|需|得)(?:有)?{WHAT}(?!条件|时候|时间|学历|资格|职称|人|要求|流程)|"
    rf"[要交带](?:些)?{WHAT}(?:东西|纸)|哪些(?:内容|东西)|写{WHAT}|"
    r"要复印(?!\d)|表格|模板|要不要带|(?:交|提供).{0,6}(?:报告|证明|表)[吗不]"
)
WHERE = (
    rf"在哪|哪里|哪儿|[去到上]哪|哪个(?:部门|单位|窗口|科|网|地方|平台|银行|栏目|系统|局)|"
    rf"哪个?科室|{WHAT}(?:网|地方|平台|部门)|网址|"
    rf"(?<![换变改])(?<![换变改]了)(?<!变更)地址(?![变换改迁了])|哪[能查看]|找谁|找哪|问谁|"
    r"谁管|归谁|谁负责|向谁|跟谁|[交递给]给?谁|几楼|窗口|网点|[怎咋]么?查|如何查|查询|"
    r"归(?:这|你们|恁)?管|想看|看得到|能查"
)
LOOKED_UP = r"(?:在哪|[去到上]哪|哪里|哪儿)(?:里|儿)?(?:能|可以)?(?:查|看)|[发欠拨借]了?多少"
COUNTS_FOR = r"[能可](?:以)?(?:抵|顶|算|折|代|接着)[^ ]{0,12}[吗不么](?: |$)"
DEADLINE = r"截止|最晚|最迟|几号前|几月前|几月几号前|之前报|期限到|最长"
CONDITIONS = (
    rf"条件(?!的)|要求(?!公开)|[修拿够满]几分|[要干满做工](?:够|满)?几年|"
    rf"几年(?:以上)?(?:经验|工作)?.{0, 5}(?:才|能)(?:能|可|报|考)|"
    rf"几个?(?:股东|合伙人|注会|专职|会计|专家)|"
    rf"(?:股东|合伙人|注会|专职|会计|专家|人员)[要得需]?几[个名位]|"
    rf"能?贷(?:款)?(?:几年|多久|多少)|额度|最[高多]能?贷|"
    rf"{WHAT}职称|注册资[金本]多少|必须先|{WHAT}(?:学历|人|样的人?)能?|"
    rf"学历(?:要求|不?够|不?行|低|高|有|限|吗|$| )|谁能|哪些人|够不够|"
    rf"[要得需]要?几个(?!工作日|月)|几名|几个人|多少个?(?:人|名|学分|课时|学时)|"
    r"[要满]几年|年限|年龄|多大|几学分|学分|课时|学时|[怎咋]么?才?能?当|当上|够格|门槛|"
    r"算[一几两]个|算俩|一封信"
)
ELIGIBILITY = (
    r"能不能|可不可以|能否|可否|是否|有没有资格|([交免给补算发管报抵收要享行用])不\1|需不需要|"
    r"该不该|还交[不吗么]|合不合|符不符合|算数|"
    r"(?:能|可以|需要|用|要|给|补|免|减|算|属于|享受|报销|报)[^ ]{0,9}(?:吗|嘛|[不么](?: |$))|"
    r"给.{0,6}(?:报销|补).{0,4}[吗不没]|也(?:交|要|收|算)[吗不]|免吗|减吗|补吗|行[吗不]|可以[吗不]"
)
REFUND = r"[能给]退|退(?:钱|款|费)(?: |$)|退[吗不]|要不要换|怎么退"
PROCESS = (
    r"[怎咋](?:么|样)?(?:办|弄|整|搞|写|报|进|扫|补|领|换|交|缴|注册|申请|登记)|"
    r"[怎咋](?:么|样)?(?:开|用|填|投诉|举报|改|参加)|"
    r"如何|怎样|流程|步骤|程序|操作"
)
WEAK_PROCESS = (
    r"怎么|咋|办理|申请|申报|注册|登记|补办|补领|换领|申领|首次办|投诉|举报|提交|交错|缴错|丢了"
)
PHONE = (
    r"电话(?!卡|费)|号码是|哪个号码?|联系方式|客服|打给谁|[怎咋]么?联系|如何联系|热线|座机|打哪个|"
    r"打几号|手机号"
)
BASIS = (
    rf"依据|(?:哪个|{WHAT}|哪份)文件|哪条|法律规定|{WHAT}规定|哪项规定|文号|合法|合规|"
    rf"凭{WHAT}|根据{WHAT}|按哪个|还按这个|作废|号文|红头文件|哪部法|"
    rf"{WHAT}(?:条例|法律|办法|政策|法规)|哪个(?:条例|办法|规定|法)|法律.{{0,2}}说的|"
    rf"依的|谁定的|谁规定|哪条规定|政策出处"
)
STRONG = tuple(
    (slot, re.compile(pattern))
    for slot, pattern in (
        ("general", GENERAL),
        ("phone", PHONE),
        ("basis", BASIS),
        ("where", LOOKED_UP),
        ("time_limit", DEADLINE),
        ("period", PERIOD),
        ("fee", FEE),
        ("time_limit", TIME_LIMIT),
        ("materials", MATERIALS),
        ("process", REFUND),
        ("where", WHERE),
        ("process", PROCESS),
        ("eligibility", COUNTS_FOR),
        ("conditions", CONDITIONS),
        ("eligibility", ELIGIBILITY),
    )
)
WEAK = (
    ("materials", re.compile(r"(?:材料|资料|手续|证件)(?:清单)?(?: |$)")),
    ("fee", re.compile(rf"费(?: |$)|[每一]{PIECE}(?: |$)|工本|补牌子")),
    ("process", re.compile(WEAK_PROCESS)),
    ("fee", re.compile(r"多少|收入$")),
    ("where", re.compile(r"公[开示]$|公布$")),
)
ASKING = re.compile(
    "多少钱|多少元|几块钱|几个点|收费标准|征收标准|收费|费用|要钱|收钱|花钱|交钱|电话|联系方式|"
    "材料|资料|手续|带什么|带啥|准备|"
    "几天|多少天|多久|多长时间|什么时候|啥时候|几号|截止|在哪里|在哪|哪里|哪儿|去哪|到哪|找谁|"
    "怎么办|咋办|怎么弄|咋弄|怎么|"
    "如何|怎样|咋|流程|步骤|条件|要求|依据|可以|能不能|需要|多少|哪些|哪个|什么|啥|吗|呢|吧|嘛|"
    "呀|啊|么|的|了|我|俺|你们|恁|"
    "我们|咱|想|要|得|能|给|请|去|来|是|有|没|不|这|那|个|一下|下|再|还|都|就|也|和|与|在|到|"
    "把|被|让|用|谁|几"
)
INTERROGATIVE = re.compile(
    "什么|啥|哪|谁|几|多少|多久|多长|多大|怎|咋|如何|何时|吗|呢|好多|[没么不](?: |$)|"
    "([有能要是可交收给])不\\1"
)
CLAUSES_KEPT = 64
RAMBLING = 4  # clauses from which the question is looked for at the end


@dataclass(frozen=True, slots=True)
class Asked:
    """The slot asked, and for every character of the question whether it only asks (1) or not."""

    slot: str
    asking: bytes


def slot_of(text: str) -> str:
    """The slot of a normalised question; `general` for a bare topic.

    Of several questions in one message the first counts, of a long story the last; a clause that
    only tells (查政府信息还收钱，依据是什么) gives way to one that asks.
    """
    clauses = text.split(" ")
    in_turn = [(slot, clause) for clause in clauses if (slot := _strong(clause))]
    if in_turn:
        asking = [slot for slot, clause in in_turn if INTERROGATIVE.search(clause)]
        return (asking or [slot for slot, _ in in_turn])[-1 if len(clauses) >= RAMBLING else 0]
    return next((slot for slot, pattern in WEAK if pattern.search(text)), "general")


@lru_cache(CLAUSES_KEPT)  # of one message it is asked several times
def _strong(clause: str) -> str:
    return next((slot for slot, pattern in STRONG if pattern.search(clause)), "")


def asks_plainly(text: str) -> bool:
    """True when some clause asks by its own words, not only by naming what is done (丢了, 申请)."""
    return any(map(_strong, text.split(" ")))


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
