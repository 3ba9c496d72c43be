"""The metadata of pictures: comments, author, and whether it tells where it was taken.

JPEG: ITU-T T.81 B.1.1.3 (segments); Exif 2.32 §4.6 (the GPS pointer 0x8825); PNG: RFC 2083 §4.2.
"""

import re
import struct
import zlib
from collections.abc import Iterator

IMAGES = ("png", "jpg", "jpeg")
PLACE = "拍摄位置（GPS）"
GPS_TAG = 0x8825
EXIF = b"Exif\x00\x00"
PNG_TEXTS = (b"tEXt", b"zTXt", b"iTXt")
RUN = re.compile(r"[\u0020-\u007e\u4e00-\u9fff\uff00-\uffef]{4,}")
MOST_TEXT = 1_000_000


def image_text(data: bytes) -> str:
    """Readable metadata of a JPEG or PNG, a line a piece; a line PLACE when it holds one."""
    blocks = list(_png(data) if data[:4] == b"\x89PNG" else _jpeg(data))
    lines = [PLACE] if any(_has_place(block) for block in blocks) else []
    for block in blocks:
        lines += RUN.findall(block.decode("utf-8", "replace"))
    return "\n".join(lines)


def _jpeg(data: bytes) -> Iterator[bytes]:
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        if marker == 0xDA:  # the picture itself begins
            return
        if marker in (0xE1, 0xED, 0xFE):
            yield data[at + 4 : at + 2 + length]
        at += 2 + max(2, length)


def _png(data: bytes) -> Iterator[bytes]:
    at = 8
    while at + 8 <= len(data):
        length, name = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        block = data[at + 8 : at + 8 + length]
        if name == b"eXIf":
            yield EXIF + block
        elif name in PNG_TEXTS:
            yield _unpacked(block) if name != b"tEXt" else block
        at += 12 + length


def _unpacked(block: bytes) -> bytes:
    """Compressed text as text; the block itself when it is not compressed."""
    key, _, rest = block.partition(b"\x00")
    for skip in (1, 4):
        try:
            return key + b" " + zlib.decompressobj().decompress(rest[skip:], MOST_TEXT)
        except zlib.error:
            continue
    return block


def _has_place(block: bytes) -> bool:
    if not block.startswith(EXIF) or len(block) < 14:
        return False
    tiff = block[len(EXIF) :]
    order = "<" if tiff[:2] == b"II" else ">"
    try:
        (first,) = struct.unpack_from(f"{order}I", tiff, 4)
        (count,) = struct.unpack_from(f"{order}H", tiff, first)
        tags = [struct.unpack_from(f"{order}H", tiff, first + 2 + 12 * n)[0] for n in range(count)]
    except struct.error:
        return False
    return GPS_TAG in tags
