"""A letter signed and closed in one of the three modes."""

import secrets
from dataclasses import dataclass

from sandbox.callbacks.crypto import sign
from sandbox.callbacks.letters import Letter, cdata
from sandbox.world import World


@dataclass(frozen=True, slots=True)
class Envelope:
    """What goes over the wire."""

    query: dict[str, str]
    body: str


def close(world: World, letter: Letter) -> Envelope:
    """Signed for this moment; encrypted in safe, both in compatible, open in plain mode."""
    mode = world.setting("mode")
    token = world.options.token
    timestamp, nonce = str(int(world.clock.now())), str(secrets.randbelow(10**9) + 10**9)
    query = {
        "signature": sign(token, timestamp, nonce),
        "timestamp": timestamp,
        "nonce": nonce,
        "openid": letter.openid,
    }
    if mode == "plain":
        return Envelope(query, letter.plain)
    sealed = world.sealer.seal(letter.plain)
    query |= {"encrypt_type": "aes", "msg_signature": sign(token, timestamp, nonce, sealed)}
    closed = f"<Encrypt>{cdata(sealed)}</Encrypt>"
    if mode == "compatible":
        return Envelope(query, letter.plain.removesuffix("</xml>") + closed + "</xml>")
    receiver = f"<ToUserName>{cdata(world.options.account)}</ToUserName>"
    return Envelope(query, f"<xml>{receiver}{closed}</xml>")


def verification(world: World) -> tuple[dict[str, str], str]:
    """The query of a GET verification, and the echostr that must come back."""
    timestamp, nonce = str(int(world.clock.now())), secrets.token_hex(5)
    echo = str(secrets.randbelow(10**18) + 10**18)
    signature = sign(world.options.token, timestamp, nonce)
    query = {"signature": signature, "timestamp": timestamp, "nonce": nonce, "echostr": echo}
    return query, echo
