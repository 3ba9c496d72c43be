"""A letter by the page, as a browser without any script sends it to the running house."""

import hashlib
import re
from pathlib import Path

import pytest
import requests

from tests.house_at_work import House
from tests.journeys.test_five_minutes import NUMBER, newcomer, said
from tests.journeys.test_letters import handed_in, show

pytestmark = pytest.mark.slow
PDF = b"%PDF-1.7\n1 0 obj\nendobj\n%%EOF"
FIELD = re.compile(r'name="(csrf_token|mark)" value="([^"]+)"')
SIZE = 50_000_000
MORE_KB = 24_000  # of memory: half of what was sent
HIGHEST = re.compile(r"VmHWM:\s+(\d+)")


def form_of(house: House, browser: requests.Session) -> dict[str, str]:
    """The hidden fields of the open form."""
    return dict(FIELD.findall(browser.get(f"{house.url}/suggest", timeout=30).text))


def highest_kb(house: House) -> int:
    """The most memory any web process of the house ever had."""
    group = Path(f"/proc/{house.process.pid}/task/{house.process.pid}/children").read_text()
    found, waiting = [0], group.split()
    while waiting:
        pid = waiting.pop()
        waiting += Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        if b"granian" in Path(f"/proc/{pid}/cmdline").read_bytes():
            told = HIGHEST.search(Path(f"/proc/{pid}/status").read_text())
            found.append(int(told[1]) if told else 0)
    return max(found)


def test_a_letter_with_a_file_is_received_and_a_refused_one_costs_no_word(house: House) -> None:
    browser = requests.Session()
    fields = {**form_of(house, browser), "kind": "complaint", "text": "多收了材料费，附上收据"}
    files = [("files", ("收据.pdf", PDF)), ("files", ("收据.exe", b"MZ\x90\x00"))]
    back = browser.post(f"{house.url}/suggest", data=fields, files=files, timeout=60)
    assert back.status_code == 422
    for words in ("多收了材料费，附上收据", "已附：收据.pdf", "“收据.exe”没有收下"):
        assert words in back.text
    fields |= {**dict(FIELD.findall(back.text)), "looked": "1"}
    done = browser.post(f"{house.url}/suggest", data=fields, timeout=60)
    number = NUMBER.search(done.text)
    assert number, done.text[:500]
    assert any("enclosed" in event for event in show(house, number[0])["events"])
    kept = Path(house.env["DATA_DIR"]) / "uploads" / f"{hashlib.sha256(PDF).hexdigest()}.pdf"
    assert kept.read_bytes() == PDF


def test_fifty_megabytes_get_a_sentence_and_no_such_memory(house: House) -> None:
    browser = requests.Session()
    fields = {**form_of(house, browser), "kind": "suggestion", "text": "写了很久的一件建议"}
    before = highest_kb(house)
    assert before
    sent = [("files", ("录像.pdf", PDF + bytes(SIZE)))]
    back = browser.post(f"{house.url}/suggest", data=fields, files=sent, timeout=120)
    assert back.status_code == 422
    assert "“录像.pdf”有48MB，超过了10MB，没有收下" in back.text
    assert "写了很久的一件建议" in back.text
    assert highest_kb(house) - before < MORE_KB
    assert house.flask("ask", "护照多少钱").stdout


def test_a_letter_is_taken_back_in_the_chat(house: House) -> None:
    openid = newcomer(house)
    number = handed_in(house, openid, "已经解决的一件事")
    assert "1 撤回" in said(house, openid, f"撤回 {number}")
    assert "已撤回" in said(house, openid, "1")
    assert show(house, number)["state"] == "withdrawn"
