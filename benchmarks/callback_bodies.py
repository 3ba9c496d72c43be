"""Signed, encrypted callbacks as WeChat sends them, made with wechatpy's code, not with ours."""

import hashlib
import time
from collections.abc import Iterator, Sequence
from itertools import count
from urllib.parse import urlencode

import xmltodict
from wechatpy.crypto import WeChatCrypto

from core.settings import Settings

KEYWORDS = (
    *("收费", "基金", "代理记账", "会计", "预算"),
    *("决算", "国库", "采购", "债务", "资产"),
)
PEOPLE = 2_000
NUMBERS = count(int(time.time()) * 10_000_000)


def answer_to(keyword: str) -> str:
    """What every candidate answers to a keyword."""
    return f"您问的是“{keyword}”：请看办事指南，或拨打 0539-0000000。"


def make_requests(settings: Settings, texts: Sequence[str], number: int) -> list[bytes]:
    """So many HTTP requests, each another message, from PEOPLE people in turn."""
    given = texts_in_turn(texts)
    return [make_request(settings, next(given), n) for n in range(number)]


def texts_in_turn(texts: Sequence[str]) -> Iterator[str]:
    while True:
        yield from texts


def make_request(settings: Settings, text: str, person: int) -> bytes:
    crypto = WeChatCrypto(settings.wechat_token, settings.wechat_aes_key, settings.wechat_app_id)
    number, timestamp = next(NUMBERS), str(int(time.time()))
    openid = f"oBench{person % PEOPLE:022d}"
    xml = (
        f"<xml><ToUserName><![CDATA[gh_bench]]></ToUserName><FromUserName><![CDATA[{openid}]]>"
        f"</FromUserName><CreateTime>{timestamp}</CreateTime><MsgType><![CDATA[text]]></MsgType>"
        f"<Content><![CDATA[{text}]]></Content><MsgId>{number}</MsgId></xml>"
    )
    nonce = str(number)
    sealed = xmltodict.parse(crypto.encrypt_message(xml, nonce, timestamp))["xml"]
    signed = "".join(sorted((settings.wechat_token, timestamp, nonce)))
    query = {
        "signature": hashlib.sha1(signed.encode()).hexdigest(),
        "timestamp": timestamp,
        "nonce": nonce,
        "openid": openid,
        "encrypt_type": "aes",
        "msg_signature": sealed["MsgSignature"],
    }
    body = (
        "<xml><ToUserName><![CDATA[gh_bench]]></ToUserName>"
        f"<Encrypt><![CDATA[{sealed['Encrypt']}]]></Encrypt></xml>"
    ).encode()
    head = (
        f"POST /wechat?{urlencode(query)} HTTP/1.1\r\nHost: bench\r\nContent-Type: text/xml\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def opened(settings: Settings, body: bytes) -> str:
    """The text of an encrypted answer; '' for `success`. Raises for one that is wrong."""
    if body == b"success":
        return ""
    crypto = WeChatCrypto(settings.wechat_token, settings.wechat_aes_key, settings.wechat_app_id)
    outer = xmltodict.parse(body)["xml"]
    xml = crypto.decrypt_message(outer, outer["MsgSignature"], outer["TimeStamp"], outer["Nonce"])
    return str(xmltodict.parse(xml)["xml"]["Content"])
