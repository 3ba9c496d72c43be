"""Files of a letter: what they may be by their content, and where they are kept, whole or not."""

import hashlib
import os
import secrets
from codecs import getincrementaldecoder
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from zipfile import BadZipFile, ZipFile

from bureau.release.files import OFFICE, check_packed, clean_name, ending_of
from core.errors import Refusal

ALLOWED = "图片（JPG、PNG、GIF、WebP）、PDF、Word、Excel、文本（txt、csv）"
PIECE = 64 * 1024
LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class Kind:
    """What a file is: its content type and the ending that belongs to it."""

    content_type: str
    ending: str


@dataclass(frozen=True, slots=True)
class Stored:
    """A file on disk: `path` is its SHA-256 and ending, `name` what its sender called it."""

    path: str
    content_type: str
    size_bytes: int
    name: str

    @property
    def sha256(self) -> str:
        return self.path.partition(".")[0]


# The first bytes decide what a file is; what the sender calls it does not.
STARTS = {
    b"\xff\xd8\xff": Kind("image/jpeg", ".jpg"),
    b"\x89PNG\r\n\x1a\n": Kind("image/png", ".png"),
    b"GIF87a": Kind("image/gif", ".gif"),
    b"GIF89a": Kind("image/gif", ".gif"),
    b"%PDF-": Kind("application/pdf", ".pdf"),
}
PACKED = {
    "word/document.xml": Kind(f"{OFFICE}wordprocessingml.document", ".docx"),
    "xl/workbook.xml": Kind(f"{OFFICE}spreadsheetml.sheet", ".xlsx"),
}
# Before 2007 a document was a file system of its own, with the names of its streams in UTF-16.
OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
STREAMS = {
    "WordDocument": Kind("application/msword", ".doc"),
    "Workbook": Kind("application/vnd.ms-excel", ".xls"),
}
MACROS = ("_VBA_PROJECT", "VBA")
PLAIN = {".txt": Kind("text/plain", ".txt"), ".csv": Kind("text/csv", ".csv")}
ENCODINGS = ("utf-8", "gb18030")
UNSEEN = bytes(set(range(9)) | set(range(14, 32)))  # no text holds these
IMAGES = "image/"


def keep(folder: Path, file: IO[bytes], name: str = "") -> Stored:
    """Write a file under the name of its digest, whole or not at all.

    Raises Refusal for what is empty or not among ALLOWED.
    """
    kind = kind_of(file, name)
    digest, size = _measured(file)
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{digest}{kind.ending}"
    if not target.exists():
        _write(target, file)
    return Stored(target.name, kind.content_type, size, _name(name, kind))


def kind_of(file: IO[bytes], name: str = "") -> Kind:
    """What the file is by its content; only plain text is told by its name, as it has no mark.

    Raises Refusal with a sentence that says why it is not taken.
    """
    file.seek(0)
    head = file.read(16)
    if not head:
        raise Refusal("文件是空的，请重新选择")
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return Kind("image/webp", ".webp")
    for start, kind in STARTS.items():
        if head.startswith(start):
            return kind
    if head.startswith(b"PK\x03\x04"):
        return _packed(file)
    if head.startswith(OLD):
        return _old(file)
    plain = PLAIN.get(f".{ending_of(name)}")
    if plain and _is_text(file):
        return plain
    raise Refusal(f"不是可以收的文件，可以收{ALLOWED}")


def _packed(file: IO[bytes]) -> Kind:
    try:
        with ZipFile(file) as packed:
            names = set(packed.namelist())
    except (BadZipFile, ValueError, NotImplementedError):
        raise Refusal("文件打不开，请检查文件是否损坏") from None
    part = next((part for part in PACKED if part in names), "")
    if not part:
        raise Refusal(f"不收压缩包，请解开后逐个上传；可以收{ALLOWED}")
    check_packed(file, part)
    return PACKED[part]


def _old(file: IO[bytes]) -> Kind:
    """A document in the old format, by the names of its streams."""
    found = {name for name in (*STREAMS, *MACROS) if _holds(file, name.encode("utf-16-le"))}
    if found & set(MACROS):
        raise Refusal("文件里有宏，请去掉后再上传")
    for name, kind in STREAMS.items():
        if name in found:
            return kind
    raise Refusal("文件打不开，请检查是否设了密码，或另存为 docx、xlsx、PDF 后再上传")


def _holds(file: IO[bytes], words: bytes) -> bool:
    before = b""
    for piece in _pieces(file):
        if words in before + piece:
            return True
        before = piece[-len(words) :]
    return False


def _is_text(file: IO[bytes]) -> bool:
    """Whether it is all readable characters of UTF-8 or GB18030."""
    return any(_decodes(file, encoding) for encoding in ENCODINGS)


def _decodes(file: IO[bytes], encoding: str) -> bool:
    decoder = getincrementaldecoder(encoding)()
    try:
        for piece in _pieces(file):
            if len(piece.translate(None, UNSEEN)) < len(piece):
                return False
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _measured(file: IO[bytes]) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    for piece in _pieces(file):
        digest.update(piece)
        size += len(piece)
    return digest.hexdigest(), size


def _write(target: Path, file: IO[bytes]) -> None:
    half = target.with_suffix(f".{os.getpid()}.{secrets.token_hex(4)}.part")
    with half.open("wb") as out:
        for piece in _pieces(file):
            out.write(piece)
        out.flush()
        os.fsync(out.fileno())
    half.replace(target)


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    file.seek(0)
    return iter(lambda: file.read(PIECE), b"")


def _name(name: str, kind: Kind) -> str:
    """What people read: the sender's name for it, with the ending that belongs to its content."""
    known = clean_name(name)
    stem = known.rpartition(".")[0] or known
    return f"{stem[:LONGEST_NAME]}{kind.ending}" if stem else ""
