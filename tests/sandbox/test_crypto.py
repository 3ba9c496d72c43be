"""Signatures and AES agree with parties that are not us, and wrong ones are refused."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werobot.crypto import MessageCrypt
from werobot.utils import get_signature

from sandbox.callbacks.crypto import Sealer, sign

KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
APP = "wx5a4d0b0c5a4d0b0c"


def test_the_published_vector_is_signed_as_published() -> None:
    wished = "899cf89e464efb63f54ddac96b0a0a235f53aa78"
    assert sign("AAAAA", "1714037059", "486452656") == wished


@given(st.text(max_size=300))
def test_werobot_reads_what_we_seal_and_we_what_it_seals(text: str) -> None:
    theirs = MessageCrypt("AAAAA", KEY, APP)
    sealed = Sealer(KEY, APP).seal(text)
    signature = sign("AAAAA", "1", "2", sealed)
    assert signature == get_signature("AAAAA", "1", "2", sealed)
    assert theirs.decrypt_message("1", "2", signature, sealed).decode() == text
    assert Sealer(KEY, APP).open(theirs.prp_crypto.encrypt(text, APP).decode()) == text


@pytest.mark.parametrize("spoil", ["app", "key", "cut", "flip", "junk", "empty"])
def test_what_was_not_sealed_for_us_is_refused(spoil: str) -> None:
    sealed = Sealer(KEY, "wx1" if spoil == "app" else APP).seal("您好")
    raw = bytearray(base64.b64decode(sealed))
    if spoil == "cut":
        raw = raw[:-7]
    if spoil == "flip":
        raw[-1] ^= 1
    text = {"junk": "不是 base64", "empty": ""}.get(spoil, base64.b64encode(raw).decode())
    key = KEY[:-2] + "00" if spoil == "key" else KEY
    with pytest.raises(ValueError):  # noqa: PT011  any of its sentences
        Sealer(key, APP).open(text)


def test_a_key_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="43"):
        Sealer("abcd" * 5 + "abc", APP)
