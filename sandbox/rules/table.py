"""Every rule the sandbox holds a project to. Limits are defaults: the account's own numbers win."""

from dataclasses import dataclass

DOC = "developers.weixin.qq.com/doc"
LIMITS = f"{DOC}/service/Message_Management/API_Call_Limits"
STABLE = f"{DOC}/service/api/base/api_getstableaccesstoken"
TOKEN = f"{DOC}/service/guide/dev/api"
CUSTOM = f"{DOC}/service/api/customer/message/api_sendcustommessage"
TEMPLATE = f"{DOC}/service/api/notify/template/api_sendtemplatemessage"
NOTICE = f"{DOC}/service/api/notify/notify/api_sendnewsubscribemsg"
NOTICE_INTRO = f"{DOC}/service/Subscription_Messages/intro"
MASS = f"{DOC}/subscription/guide/product/message/Batch_Sends"
MENU = f"{DOC}/service/api/custommenu/api_createcustommenu"
TAGS = f"{DOC}/service/api/usermanage/tag"
USERS = f"{DOC}/service/api/usermanage/userinfo"
QR = f"{DOC}/service/api/qrcode/qrcodes/api_createqrcode"
OAUTH = f"{DOC}/service/api/webdev/access"
MEDIA = f"{DOC}/service/api/material/temporary"
QUOTA = f"{DOC}/service/api/base/api_getapiquota"
PUSH = f"{DOC}/oplatform/developers/dev/push/encryption"
REPLY = f"{DOC}/service/guide/product/message/Passive_user_reply_message"
CODES = f"{DOC}/offiaccount/Getting_Started/Global_Return_Code"
MEASURED = "measured by users, not in the documents: github.com/silenceper/wechat/issues/673"


@dataclass(frozen=True, slots=True)
class Rule:
    """`limit` is a count, bytes or seconds, 0 where there is only yes or no; `source` a page."""

    name: str
    says: str
    limit: float
    errcode: int
    source: str


def _table(*rows: tuple[str, str, float, int, str]) -> dict[str, Rule]:
    return {row[0]: Rule(*row) for row in rows}


RULES = _table(
    # 凭据 credentials
    ("token.lifetime_s", "access_token 有效期（秒）", 7200, 42001, TOKEN),
    ("token.overlap_s", "新 token 取出后，旧 token 还能用的秒数", 300, 40001, TOKEN),
    ("token.daily", "/cgi-bin/token 每日次数", 2000, 45009, LIMITS),
    ("token.missing", "没有带 access_token", 0, 41001, CODES),
    ("token.secret", "appsecret 不对", 0, 40125, TOKEN),
    ("token.appid", "appid 不对", 0, 40013, TOKEN),
    ("token.post_only", "stable_token 只接受 POST JSON", 0, 43002, STABLE),
    ("stable.daily", "stable_token 每日次数", 500_000, 45009, STABLE),
    ("stable.minute", "stable_token 每分钟次数", 10_000, 45011, STABLE),
    ("stable.force_daily", "force_refresh 每日次数", 20, 45009, STABLE),
    ("stable.force_gap_s", "两次 force_refresh 至少相隔（秒），否则不刷新", 30, 0, STABLE),
    ("stable.renew_s", "有效期剩这么多秒时换新 token，新旧并存", 300, 0, STABLE),
    ("ip.whitelist", "调用方 IP 不在白名单（取 token）", 0, 40164, TOKEN),
    ("api.minute", "每个接口每分钟次数（微信没有公布，0 为不限）", 0, 45011, CODES),
    ("ip.registered", "调用方 IP 不在白名单（其他接口）", 0, 61004, TOKEN),
    # 客服消息
    ("custom.message_count", "用户发消息后可发的客服消息条数", 5, 45047, CUSTOM),
    ("custom.message_s", "用户发消息后的时限（秒）", 172_800, 45015, CUSTOM),
    ("custom.short_count", "关注、扫码、点菜单（含点击菜单消息）后可发条数", 3, 45047, CUSTOM),
    ("custom.short_s", "关注、扫码、点菜单后的时限（秒）", 60, 45015, CUSTOM),
    ("custom.text_bytes", "客服文本的字节数", 2048, 45002, MEASURED),
    ("custom.empty", "客服文本是空的", 0, 44004, CODES),
    ("custom.menu", "未认证的号不能发菜单消息", 0, 40200, CUSTOM),
    ("custom.articles", "客服图文的篇数", 1, 45008, CUSTOM),
    ("custom.msgtype", "客服消息的类型", 0, 40008, CUSTOM),
    ("custom.media", "media_id 无效或已过期", 0, 40007, CUSTOM),
    ("custom.daily", "客服消息每日次数", 500_000, 45009, LIMITS),
    ("typing.command", "typing 的 command 只有 Typing、CancelTyping", 0, 45072, CUSTOM),
    ("person.openid", "不是本号用户的 openid", 0, 40003, CODES),
    ("person.following", "对方没有关注", 0, 43004, CODES),
    ("person.blacklist", "对方在黑名单", 0, 43019, CODES),
    ("body.json", "请求体不是 JSON", 0, 47001, CODES),
    ("body.empty", "请求体为空", 0, 44002, CODES),
    ("body.escaped", "请求体里的汉字写成了 \\uXXXX", 0, 40033, CODES),
    # 模板消息
    ("template.id", "没有这个模板", 0, 40037, TEMPLATE),
    ("template.value", "字段缺少、为空或不合规则（如 thing 超过 20 字）", 20, 47003, NOTICE),
    ("template.refused", "用户拒收", 0, 43101, TEMPLATE),
    ("template.blocked", "内容含违规字词（blocked_words）", 0, 40249, TEMPLATE),
    ("template.dedupe_s", "client_msg_id 去重的秒数", 600, 0, TEMPLATE),
    ("template.daily", "模板消息每日次数", 100_000, 45009, TEMPLATE),
    # 订阅通知
    ("notice.consent", "没有授权或授权已用完", 0, 43101, NOTICE_INTRO),
    ("notice.popup", "图文组件一次最多几个模板", 5, 0, NOTICE_INTRO),
    ("notice.one_kind", "图文组件里一次性与长期不能混用", 0, 0, NOTICE_INTRO),
    ("notice.page", "page 不是链接或小程序路径", 0, 41030, NOTICE),
    ("notice.daily", "订阅通知每日次数", 500_000, 45009, LIMITS),
    # 群发
    ("mass.least", "按 openid 群发的最少人数", 2, 40130, MASS),
    ("mass.most", "按 openid 群发的最多人数", 10_000, 40032, MASS),
    ("mass.month", "服务号每人每月收到的群发条数", 4, 45028, MASS),
    ("mass.all_daily", "给全部用户群发的每日次数", 1, 45028, MASS),
    ("mass.subscription_daily", "订阅号每日群发条数", 1, 45028, MASS),
    ("mass.daily", "群发接口每日次数", 100, 45009, LIMITS),
    ("mass.minute", "群发接口每分钟次数", 60, 45011, LIMITS),
    ("mass.delete_daily", "删除群发每日次数", 10, 45009, LIMITS),
    ("mass.preview_daily", "预览每日次数", 100, 45009, LIMITS),
    ("mass.id_s", "clientmsgid 去重的秒数（重复时给出原 msg_id）", 86_400, 45065, MASS),
    ("mass.id_gap_s", "相同 clientmsgid 至少相隔（秒）", 60, 45066, MASS),
    ("mass.id_bytes", "clientmsgid 的字节数", 64, 45067, MASS),
    ("mass.confirm_s", "管理员确认的时限（秒），过时 err(40002)", 1800, 0, MASS),
    ("mass.tag", "没有这个标签时答 -1", 0, -1, MASS),
    ("mass.speed", "群发速度的档位 0 到 4", 4, 45083, MASS),
    # 用户、标签、菜单、二维码
    ("users.page", "user/get 每页人数", 10_000, 0, USERS),
    ("users.daily", "user/get 每日次数", 500, 45009, LIMITS),
    ("users.info_daily", "user/info 与 batchget 每日次数", 5_000_000, 45009, LIMITS),
    ("users.remark_daily", "改备注每日次数", 10_000, 45009, LIMITS),
    ("users.batch", "user/info/batchget 的最多人数", 100, 40035, USERS),
    ("tags.daily", "标签的建、读、改每日次数", 1000, 45009, LIMITS),
    ("tags.move_daily", "打标签每日次数", 100_000, 45009, LIMITS),
    ("tags.most", "标签个数", 100, 45056, TAGS),
    ("tags.name_bytes", "标签名的字节数", 30, 45158, TAGS),
    ("tags.same_name", "标签重名", 0, 45157, TAGS),
    ("tags.id", "没有这个标签", 0, 45159, TAGS),
    ("tags.system", "0、1、2 是系统标签", 2, 45058, TAGS),
    ("tags.batch", "一次打标签的人数", 50, 40035, TAGS),
    ("tags.per_person", "每人的标签数", 20, 45059, TAGS),
    ("tags.fans", "超过这个人数的标签不能直接删", 100_000, 45057, TAGS),
    ("menu.buttons", "一级菜单个数", 3, 40016, MENU),
    ("menu.sub_buttons", "二级菜单个数", 5, 40023, MENU),
    ("menu.name_bytes", "一级菜单名的字节数", 16, 40018, MENU),
    ("menu.sub_name_bytes", "二级菜单名的字节数", 60, 40025, MENU),
    ("menu.key_bytes", "菜单 key 的字节数", 128, 40019, MENU),
    ("menu.url_bytes", "菜单 url 的字节数", 1024, 40020, MENU),
    ("menu.type", "菜单类型", 0, 40017, MENU),
    ("menu.none", "还没有菜单", 0, 46003, MENU),
    ("menu.create_daily", "建菜单每日次数", 1000, 45009, LIMITS),
    ("menu.get_daily", "读菜单每日次数", 10_000, 45009, LIMITS),
    ("menu.delete_daily", "删菜单每日次数", 1000, 45009, LIMITS),
    ("qr.daily", "建二维码每日次数", 100_000, 45009, LIMITS),
    ("qr.expire_s", "临时二维码最长秒数", 2_592_000, 40035, QR),
    ("qr.scene", "scene_id 非零 32 位（永久 1–100000），scene_str 1–64 字", 64, 40053, QR),
    # 网页、媒体、运维
    ("oauth.minute", "网页授权换 openid 每分钟次数", 50_000, 45011, OAUTH),
    ("oauth.code", "code 无效或过期", 0, 40029, OAUTH),
    ("oauth.code_used", "code 只能用一次", 0, 40163, OAUTH),
    ("oauth.code_s", "code 有效秒数", 300, 40029, OAUTH),
    ("media.keep_s", "临时素材保存秒数", 259_200, 40007, MEDIA),
    ("media.image_bytes", "图片字节数", 10_485_760, 40009, MEDIA),
    ("media.voice_bytes", "语音字节数", 2_097_152, 40009, MEDIA),
    ("media.video_bytes", "视频字节数", 10_485_760, 40009, MEDIA),
    ("media.thumb_bytes", "缩略图字节数", 65_536, 40009, MEDIA),
    ("media.upload_daily", "上传素材每日次数", 100_000, 45009, LIMITS),
    ("media.get_daily", "取素材每日次数", 200_000, 45009, LIMITS),
    ("media.type", "媒体类型", 0, 40004, MEDIA),
    ("account.type", "订阅号没有的接口", 0, 48001, CODES),
    ("account.certified", "没有认证或认证过期的号不能调用", 0, 48001, CODES),
    ("account.path", "没有这个接口", 0, 40066, CODES),
    ("quota.clears", "每月清零次数", 10, 48006, QUOTA),
    ("quota.path", "没有这个 cgi_path", 0, 76003, QUOTA),
    ("rid.unknown", "没有这个 rid", 0, 76001, QUOTA),
    ("rid.shape", "rid 写法不对", 0, 76002, QUOTA),
    # 回调
    ("callback.wait_s", "等服务器回复的秒数", 5, 0, REPLY),
    ("callback.tries", "一共投递的次数", 3, 0, REPLY),
    ("reply.text_bytes", "被动回复文本的字节数", 2048, 0, MEASURED),
    ("reply.articles", "回复消息时的图文篇数", 1, 0, REPLY),
    ("reply.event_articles", "回复事件时的图文篇数", 8, 0, REPLY),
    ("reply.swapped", "ToUserName 是用户，FromUserName 是公众号", 0, 0, REPLY),
    ("reply.encrypted", "安全模式下回复必须加密", 0, 0, PUSH),
    ("receipt.delay_s", "送达回执隔多少秒到", 1, 0, TEMPLATE),
)
