"""Which rule counts the calls of a path. Every call counts, refused ones too.

developers.weixin.qq.com/doc/service/Message_Management/API_Call_Limits
"""

DAILY: dict[str, str] = {
    "/cgi-bin/message/custom/send": "custom.daily",
    "/cgi-bin/message/template/send": "template.daily",
    "/cgi-bin/message/subscribe/bizsend": "notice.daily",
    "/cgi-bin/message/mass/send": "mass.daily",
    "/cgi-bin/message/mass/sendall": "mass.daily",
    "/cgi-bin/message/mass/preview": "mass.preview_daily",
    "/cgi-bin/message/mass/delete": "mass.delete_daily",
    "/cgi-bin/user/get": "users.daily",
    "/cgi-bin/user/info": "users.info_daily",
    "/cgi-bin/user/info/batchget": "users.info_daily",
    "/cgi-bin/user/info/updateremark": "users.remark_daily",
    "/cgi-bin/tags/create": "tags.daily",
    "/cgi-bin/tags/get": "tags.daily",
    "/cgi-bin/tags/update": "tags.daily",
    "/cgi-bin/tags/members/batchtagging": "tags.move_daily",
    "/cgi-bin/tags/members/batchuntagging": "tags.move_daily",
    "/cgi-bin/menu/create": "menu.create_daily",
    "/cgi-bin/menu/get": "menu.get_daily",
    "/cgi-bin/menu/delete": "menu.delete_daily",
    "/cgi-bin/qrcode/create": "qr.daily",
    "/cgi-bin/media/upload": "media.upload_daily",
    "/cgi-bin/media/uploadimg": "media.upload_daily",
    "/cgi-bin/media/get": "media.get_daily",
}
TOKENS: dict[str, str] = {  # counted where the secret was right: nobody else can use them up
    "/cgi-bin/token": "token.daily",
    "/cgi-bin/stable_token": "stable.daily",
}
MINUTE: dict[str, str] = {
    "/cgi-bin/message/mass/send": "mass.minute",
    "/cgi-bin/message/mass/sendall": "mass.minute",
    "/cgi-bin/stable_token": "stable.minute",
    "/sns/oauth2/access_token": "oauth.minute",
}
