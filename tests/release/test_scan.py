"""Nothing personal and nothing secret passes the scan; what only looks like it does."""

import pytest

from bureau.release.scan import LOOK, Finding, Words, scan, stops

IDENTITY = "11010519491231002X"


def kinds(text: str, field: str = "summary", contacts: tuple[str, ...] = ()) -> list[str]:
    return [finding.kind for finding in stops(scan({field: text}, contacts))]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (f"张三，{IDENTITY}，已核", "identity"),
        ("张三，１１０１０５１９４９１２３１００２Ｘ", "identity"),
        ("110105 19491231 002x", "identity"),
        ("联系人 13812345678", "mobile"),
        ("联系人 138-1234-5678", "mobile"),
        ("+86 13812345678", "mobile"),
        ("卡号 6222 0212 3456 7890 128", "card"),
        ("机密★10年", "secret"),
        ("密级：秘密", "secret"),
        ("内部资料，注意保存", "secret"),
        ("老证号 110105491231002 的补贴", "identity"),
    ],
)
def test_it_finds_what_must_not_go_out(text: str, kind: str) -> None:
    assert kind in kinds(text)


@pytest.mark.parametrize(
    "text",
    [
        "11010519491231002" + "1",  # the check character is wrong
        "鲁财综〔2018〕31号，共 123456789012 元",
        "商业秘密和国家秘密依法不予公开",
        "咨询电话：0539-8319876",
        "实施编码 11371300004447321B4370105012000",
        "2026年1月1日至2026年12月31日",
        "统一社会信用代码 91371300MA3C12345X",
        "实施编码 11440100007483180K344010900201802",  # its tail has the right check character
        "https://www.gd.gov.cn/bid?approveSeq=84e33bac491d4b19879544841cbafd6f",
    ],
)
def test_what_only_looks_like_it_passes(text: str) -> None:
    assert kinds(text) == []


def test_a_mobile_is_found_in_a_contact_field_too_and_a_landline_is_not() -> None:
    contact = "fields.supervision_phone"
    assert kinds("13812345678", contact, (contact,)) == ["mobile"]
    assert scan({contact: "0539-8319876"}, (contact,)) == []


def test_a_landline_elsewhere_is_for_a_person_to_look_at() -> None:
    found = scan({"summary": "王某 0539-8319876"})
    assert [finding.level for finding in found] == [LOOK]


def test_a_finding_says_where_and_shows_only_a_part() -> None:
    (found,) = scan({"title": "正常", "body": f"甲乙{IDENTITY}"})
    assert (found.field, found.start) == ("body", 2)
    assert IDENTITY not in str(found)


def test_a_number_is_found_once() -> None:
    assert len(scan({"t": IDENTITY})) == 1


def test_words_of_the_staff_are_found() -> None:
    words = Words(("最牛",), {"帐户": "账户"})
    found: list[Finding] = scan({"t": "最牛的帐户"}, (), words)
    assert [(f.kind, f.level) for f in found] == [("banned", "stop"), ("error_prone", "look")]
