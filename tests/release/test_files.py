"""Files that may be published, and everything in them that the scan has to see."""

import struct
import zlib
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from openpyxl import Workbook
from openpyxl.comments import Comment

from bureau.release import file_texts, files
from bureau.release.image_texts import PLACE, image_text
from bureau.release.scan import masked, scan
from core.errors import Refusal

NUMBER = "11010519491231002X"
OTHER = "440524188001010014"
PNG = b"\x89PNG\r\n\x1a\n"


def sheet(*, hide: str = "", comment: str = "") -> bytes:
    """A workbook with an identity number in C2; `hide`: column, row or sheet."""
    book, out = Workbook(), BytesIO()
    page = book.active
    assert page is not None
    page.append(["姓名", "金额", "备注"])
    page.append(["王", 100, NUMBER])
    if comment:
        page["A1"].comment = Comment(comment, "作者")
    if hide == "column":
        page.column_dimensions["C"].hidden = True
    if hide == "row":
        page.row_dimensions[2].hidden = True
    if hide == "sheet":
        book.create_sheet("首页")
        page.sheet_state = "hidden"
    book.save(out)
    return out.getvalue()


def packed(**parts: str) -> bytes:
    out = BytesIO()
    with ZipFile(out, "w") as made:
        for name, text in parts.items():
            made.writestr(name.replace("__", "/"), text)
    return out.getvalue()


def squeezed(size: int) -> bytes:
    """A small document that unpacks to `size` bytes."""
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as made:
        made.writestr("word/document.xml", "0" * size)
    return out.getvalue()


def png(name: bytes, block: bytes) -> bytes:
    crc = struct.pack(">I", zlib.crc32(name + block))
    return PNG + struct.pack(">I", len(block)) + name + block + crc


@pytest.mark.parametrize("hide", ["column", "row", "sheet"])
def test_a_number_nobody_sees_is_found_all_the_same(hide: str) -> None:
    texts = file_texts.texts_of("名单.xlsx", sheet(hide=hide))
    found = scan(texts)
    assert [one.kind for one in found] == ["identity"]
    assert found[0].field.endswith(file_texts.HIDDEN)


def test_a_number_in_plain_sight_names_its_sheet() -> None:
    found = scan(file_texts.texts_of("名单.xlsx", sheet()))
    assert [one.field for one in found] == ["工作表“Sheet”"]


def test_comments_of_a_sheet_are_read() -> None:
    texts = file_texts.texts_of("名单.xlsx", sheet(comment=f"他的号码是{OTHER}"))
    assert OTHER in texts[file_texts.METADATA]


def test_struck_out_words_and_comments_of_a_document_are_read() -> None:
    body = f"<w:p><w:t>正文</w:t><w:del><w:delText>{NUMBER}</w:delText></w:del></w:p>"
    parts = {"word__document.xml": body, "word__comments.xml": f"<w:t>{OTHER}</w:t>"}
    text = "".join(file_texts.texts_of("通知.docx", packed(**parts)).values())
    assert NUMBER in text
    assert OTHER in text


def test_packed_text_of_a_pdf_is_read() -> None:
    stream = zlib.compress(f"BT [({NUMBER[:9]}) -3 ({NUMBER[9:]})] TJ ET".encode())
    data = b"%PDF-1.7\n1 0 obj\nstream\n" + stream + b"\nendstream\n%%EOF"
    assert [one.kind for one in scan(file_texts.texts_of("决算.pdf", data))] == ["identity"]


def test_a_picture_tells_where_it_was_taken_and_what_it_says() -> None:
    tiff = b"II*\x00\x08\x00\x00\x00\x01\x00" + struct.pack("<HHII", 0x8825, 4, 1, 26)
    exif = b"Exif\x00\x00" + tiff
    jpeg = b"\xff\xd8\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + b"\xff\xda\x00\x02"
    assert PLACE in image_text(jpeg)
    assert NUMBER in image_text(png(b"tEXt", b"Comment\x00" + NUMBER.encode()))
    assert NUMBER in image_text(png(b"zTXt", b"Note\x00\x00" + zlib.compress(NUMBER.encode())))
    assert image_text(PNG) == ""


@pytest.mark.parametrize(
    ("name", "data", "sentence"),
    [
        ("空.pdf", b"", "文件是空的"),
        ("程序.exe", b"MZ", "只能上传"),
        ("旧.xls", b"\xd0\xcf\x11\xe0", "另存为新格式"),
        ("网页.pdf", b"<html><script>", "与扩展名不符"),
        ("坏.xlsx", b"PK\x03\x04broken", "打不开"),
        ("别的.xlsx", packed(**{"word__document.xml": "x"}), "与扩展名不符"),
        ("大.pdf", b"%PDF-" + b"0" * files.LARGEST, "不能超过10MB"),
        ("宏.docx", packed(**{"word__document.xml": "x", "word__vbaProject.bin": "x"}), "有宏"),
        ("炸弹.docx", squeezed(files.LARGEST_INSIDE + 1), "太大"),
    ],
)
def test_what_may_not_be_published_gets_a_sentence(name: str, data: bytes, sentence: str) -> None:
    with pytest.raises(Refusal, match=sentence):
        files.check(name, data)


def test_names_lose_paths_and_signs() -> None:
    assert files.clean_name("C:\\桌面\\预算<1>.xlsx") == "预算1.xlsx"
    assert files.clean_name("../../etc/名单.pdf") == "名单.pdf"


def test_masking_touches_only_personal_numbers() -> None:
    assert masked(f"证件{NUMBER}，电话13812345678，金额12345678") == (
        "证件110****002X，电话138****5678，金额12345678"
    )
