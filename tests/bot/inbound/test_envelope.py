"""Signature and encryption, held against parties that are not us."""

import base64
import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
import xmltodict
from wechatpy.crypto import WeChatCrypto
from werobot.crypto import MessageCrypt
from werobot.utils import get_signature

from bot.inbound.envelope import Envelope, encrypted_part
from bot.inbound.turned_away import TurnedAway

TOKEN, APP_ID = "yangguang", "wx1234567890abcdef"
KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
OTHER_KEY = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefg"
MESSAGES = ["", "a", "收费标准是多少？", "𠮷野家😀👨‍👩‍👧", "x" * 31, "y" * 32, "长" * 3000]
PEERS = Path(__file__).parents[2] / "peers"


@pytest.fixture
def envelope() -> Envelope:
    return Envelope(TOKEN, APP_ID, KEY)


def test_wechats_published_signature_is_accepted_and_any_other_is_not() -> None:
    # developers.weixin.qq.com/doc/oplatform/developers/dev/push/encryption
    published = Envelope("AAAAA", APP_ID, "")
    good = "899cf89e464efb63f54ddac96b0a0a235f53aa78"
    assert published.signed(good, "1714037059", "486452656")
    for bad in ("", good[:-1], good.upper(), "0" + good[1:], "é" * 40, "0" * 40):
        assert not published.signed(bad, "1714037059", "486452656")
    assert not published.signed(good, "1714037060", "486452656")


def test_werobot_signs_as_we_expect(envelope: Envelope) -> None:
    assert envelope.signed(get_signature(TOKEN, "1714037059", "n1"), "1714037059", "n1")


@pytest.mark.parametrize("message", MESSAGES)
def test_what_werobot_encrypts_we_open_and_the_other_way_round(
    envelope: Envelope, message: str
) -> None:
    werobot = MessageCrypt(TOKEN, KEY, APP_ID)
    theirs = werobot.encrypt_message(message, "1714037059", "n1")
    encrypted = encrypted_part(theirs)
    text, key = envelope.open(encrypted)
    assert text == message
    ours = xmltodict.parse(envelope.seal(message, key, "n2", 1714037060))["xml"]
    signed = (ours["TimeStamp"], ours["Nonce"], ours["MsgSignature"], ours["Encrypt"])
    assert werobot.decrypt_message(*signed).decode() == message


@pytest.mark.parametrize("message", MESSAGES)
def test_what_wechatpy_encrypts_we_open_and_the_other_way_round(
    envelope: Envelope, message: str
) -> None:
    wechatpy = WeChatCrypto(TOKEN, KEY, APP_ID)
    text, key = envelope.open(encrypted_part(wechatpy.encrypt_message(message, "n1", "1")))
    assert text == message
    ours = envelope.seal(message, key, "n2", 1714037060)
    fields = xmltodict.parse(ours)["xml"]
    opened = wechatpy.decrypt_message(ours, fields["MsgSignature"], "1714037060", "n2")
    assert opened == message


@pytest.fixture(scope="session")
def tencents_own(tmp_path_factory: pytest.TempPathFactory) -> Path | None:
    """npm's @wecom/crypto, Tencent's own; None on a machine without npm or its index."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        return None
    folder = tmp_path_factory.mktemp("peers")
    for name in ("package.json", "package-lock.json", "wecom.js"):
        shutil.copy(PEERS / name, folder / name)
    done = subprocess.run(
        [npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts"], cwd=folder, timeout=120
    )
    return folder if done.returncode == 0 else None


@pytest.mark.slow
def test_tencents_own_code_opens_ours_and_we_open_its(
    envelope: Envelope, tencents_own: Path | None
) -> None:
    if tencents_own is None:  # named at the end by tests/parts.py
        with Path(os.environ.get("NOT_RUN_FILE", os.devnull)).open("a", encoding="utf8") as file:
            file.write("加密对照 @wecom/crypto：没有 node 与 npm，或 npm 源不可达\n")
        return
    key = envelope.open(encrypted_part(WeChatCrypto(TOKEN, KEY, APP_ID).encrypt_message("a", "n")))[
        1
    ]
    sealed = [envelope.seal(message, key, "n2", 1714037060) for message in MESSAGES]
    asked = {
        "token": TOKEN,
        "key": KEY,
        "id": APP_ID,
        "encrypt": MESSAGES,
        "decrypt": [encrypted_part(one) for one in sealed],
    }
    ran = subprocess.run(
        ["node", "wecom.js"], cwd=tencents_own, input=json.dumps(asked), capture_output=True,
        text=True, timeout=60, check=True,
    )  # fmt: skip
    told = json.loads(ran.stdout)
    assert told["decrypted"] == [{"message": message, "id": APP_ID} for message in MESSAGES]
    assert [envelope.open(one)[0] for one in told["encrypted"]] == MESSAGES
    for one, signature in zip(told["encrypted"], told["signatures"], strict=True):
        assert envelope.signed(signature, "1714037060", "n2", one)


def test_after_a_key_change_the_answer_uses_the_key_that_opened() -> None:
    changed = Envelope(TOKEN, APP_ID, OTHER_KEY, KEY)
    for used in (KEY, OTHER_KEY):
        theirs = WeChatCrypto(TOKEN, used, APP_ID)
        text, key = changed.open(encrypted_part(theirs.encrypt_message("问", "n1", "1")))
        answer = changed.seal("答", key, "n2", 2)
        signature = xmltodict.parse(answer)["xml"]["MsgSignature"]
        assert (text, theirs.decrypt_message(answer, signature, "2", "n2")) == ("问", "答")


def test_a_message_for_another_account_or_with_a_wrong_key_is_turned_away(
    envelope: Envelope,
) -> None:
    strangers = [WeChatCrypto(TOKEN, KEY, "wxanother"), WeChatCrypto(TOKEN, OTHER_KEY, APP_ID)]
    for stranger in strangers:
        encrypted = encrypted_part(stranger.encrypt_message("问", "n1", "1"))
        with pytest.raises(TurnedAway) as away:
            envelope.open(encrypted)
        assert away.value.status == 400


def test_every_truncation_and_every_flipped_byte_is_turned_away_or_no_message(
    envelope: Envelope,
) -> None:
    whole = base64.b64decode(
        encrypted_part(WeChatCrypto(TOKEN, KEY, APP_ID).encrypt_message("收费标准", "n1", "1"))
    )
    for cut in range(len(whole)):
        with pytest.raises(TurnedAway):
            envelope.open(base64.b64encode(whole[:cut]).decode())
    for place in range(32, len(whole)):  # past the salt and the length
        forged = bytearray(whole)
        forged[place] ^= 0x41
        try:
            text, _ = envelope.open(base64.b64encode(forged).decode())
        except TurnedAway:
            continue
        assert text != "收费标准"


@pytest.mark.parametrize("bad", ["", "a", "AAAA", "A" * 44 + "!", "====", "收费", " ", "A" * 64])
def test_what_is_no_ciphertext_is_turned_away(envelope: Envelope, bad: str) -> None:
    with pytest.raises(TurnedAway):
        envelope.open(bad)


@pytest.mark.parametrize("last", [None, 0, 33, 255, 1])
def test_a_wrong_padding_is_turned_away(envelope: Envelope, last: int | None) -> None:
    message = "问".encode()
    body = b"s" * 16 + len(message).to_bytes(4, "big") + message + APP_ID.encode()
    room = 32 - len(body) % 32
    key = envelope.open(encrypted_part(WeChatCrypto(TOKEN, KEY, APP_ID).encrypt_message("a", "n")))[
        1
    ]

    def sealed(padding: bytes) -> str:
        encryptor = key.cipher.encryptor()
        return base64.b64encode(encryptor.update(body + padding) + encryptor.finalize()).decode()

    assert envelope.open(sealed(bytes([room]) * room))[0] == "问"
    # the right length and wrong bytes, or a length that cannot be
    forged = b"x" * (room - 1) + bytes([room if last is None else last])
    with pytest.raises(TurnedAway):
        envelope.open(sealed(forged))


BAD_ENVELOPES = [
    "", "<xml>", "<xml/>", "{}", "<xml><Encrypt/></xml>", "<xml><Encrypt>a</Encrypt>",
    "<xml><Encrypt>a</Encrypt><Encrypt>b</Encrypt></xml>",
    "<xml><Encrypt><b>a</b></Encrypt></xml>",
    "<!DOCTYPE x [<!ENTITY a 'b'>]><xml><Encrypt>&a;</Encrypt></xml>",
    "<xml><Other><Encrypt>a</Encrypt></Other></xml>", "\x00", "<xml>\ud800</xml>",
]  # fmt: skip


@pytest.mark.parametrize("body", BAD_ENVELOPES)
def test_a_body_that_is_no_envelope_is_turned_away(body: str) -> None:
    with pytest.raises(TurnedAway) as away:
        encrypted_part(body)
    assert away.value.status == 400
