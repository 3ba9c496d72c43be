"""The example of wechatpy's manual: Flask, check, decrypt, parse, answer, encrypt."""

from flask import Flask, abort, request
from wechatpy import create_reply, parse_message
from wechatpy.crypto import WeChatCrypto
from wechatpy.exceptions import InvalidAppIdException, InvalidSignatureException
from wechatpy.utils import check_signature

from benchmarks.callback_bodies import KEYWORDS, answer_to
from core.settings import Settings

settings = Settings.from_env()
app = Flask(__name__)
ANSWERS = {word: answer_to(word) for word in KEYWORDS}


@app.route("/wechat", methods=["GET", "POST"])
def wechat() -> str:
    signature = request.args.get("signature", "")
    timestamp = request.args.get("timestamp", "")
    nonce = request.args.get("nonce", "")
    msg_signature = request.args.get("msg_signature", "")
    try:
        check_signature(settings.wechat_token, signature, timestamp, nonce)
    except InvalidSignatureException:
        abort(403)
    if request.method == "GET":
        return request.args.get("echostr", "")
    crypto = WeChatCrypto(settings.wechat_token, settings.wechat_aes_key, settings.wechat_app_id)
    try:
        xml = crypto.decrypt_message(request.data, msg_signature, timestamp, nonce)
    except (InvalidSignatureException, InvalidAppIdException):
        abort(403)
    message = parse_message(xml)
    reply = create_reply(ANSWERS.get(message.content, message.content), message)
    return str(crypto.encrypt_message(reply.render(), nonce, timestamp))
