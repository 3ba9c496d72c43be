"""What a file may be that the bureau publishes: its name, its beginning and its inside agree."""

from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import IO
from zipfile import BadZipFile, ZipFile

from core.errors import Refusal

LARGEST = 10 * 1024 * 1024  # bytes of one file
LARGEST_INSIDE = 40 * 1024 * 1024  # bytes of a packed file when unpacked
MOST_PARTS = 2_000
LONGEST_NAME = 120
OFFICE = "application/vnd.openxmlformats-officedocument."


@dataclass(frozen=True, slots=True)
class Type:
    """A kind of file: its content type, how it begins, and the part a packed one must have."""

    content_type: str
    begins: bytes
    part: str = ""


TYPES: Mapping[str, Type] = {
    "pdf": Type("application/pdf", b"%PDF-"),
    "docx": Type(f"{OFFICE}wordprocessingml.document", b"PK\x03\x04", "word/document.xml"),
    "xlsx": Type(f"{OFFICE}spreadsheetml.sheet", b"PK\x03\x04", "xl/workbook.xml"),
    "png": Type("image/png", b"\x89PNG\r\n\x1a\n"),
    "jpg": Type("image/jpeg", b"\xff\xd8\xff"),
    "jpeg": Type("image/jpeg", b"\xff\xd8\xff"),
}
ALLOWED = "PDF、Word（docx）、Excel（xlsx）、PNG、JPG"


def check(name: str, data: bytes) -> Type:
    """The type of a file whose name, size and content are in order. Raises Refusal."""
    if not data:
        raise Refusal("文件是空的，请重新选择。")
    if len(data) > LARGEST:
        raise Refusal(f"文件不能超过{LARGEST // 1024 // 1024}MB。")
    found = TYPES.get(ending_of(name))
    if found is None:
        raise Refusal(f"只能上传{ALLOWED}；旧格式的 doc、xls 请先另存为新格式。")
    if not data.startswith(found.begins):
        raise Refusal("文件内容与扩展名不符，请检查文件是否损坏。")
    if found.part:
        check_packed(BytesIO(data), found.part)
    return found


def clean_name(name: str) -> str:
    """The name without a path and without what no file system takes."""
    last = name.replace("\\", "/").rpartition("/")[2]
    kept = "".join(letter for letter in last if letter.isprintable() and letter not in '<>:"|?*')
    stem, dot, ending = kept.strip(". ").rpartition(".")
    return f"{stem[:LONGEST_NAME]}{dot}{ending}"


def ending_of(name: str) -> str:
    return name.rpartition(".")[2].lower() if "." in name else ""


def check_packed(file: IO[bytes], part: str) -> None:
    """Raises Refusal for macros, and for packages that are none or unpack without measure."""
    try:
        with ZipFile(file) as packed:
            parts = packed.infolist()
    except BadZipFile:
        raise Refusal("文件打不开，请检查文件是否损坏或设了密码。") from None
    if len(parts) > MOST_PARTS or sum(one.file_size for one in parts) > LARGEST_INSIDE:
        raise Refusal("文件展开后太大，请拆分后再上传。")
    names = {one.filename for one in parts}
    if part not in names:
        raise Refusal("文件内容与扩展名不符，请检查文件是否损坏。")
    if any(name.endswith("vbaProject.bin") or "/embeddings/" in name for name in names):
        raise Refusal("文件里有宏或嵌入的对象，请去掉后再上传。")
