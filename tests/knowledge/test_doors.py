"""Other departments' matters: pointed there, unless the catalogue answers what is asked."""

from knowledge.doors import DoorRow, Doors

DOORS = Doors([DoorRow("民政局", "", ("低保",)), DoorRow("人民法院", "12368", ("老赖",))])
SEWAGE = "污水处理费居民低保非居民|低保户污水费"
EXECUTION = "诉讼费申请执行|申请强制执行|执行费"


def test_a_word_alone_belongs_to_its_department() -> None:
    found = DOORS.find("低保怎么申请", SEWAGE)
    assert found is not None
    assert found.to == "民政局"


def test_a_word_inside_a_matter_of_ours_stays_here() -> None:
    assert DOORS.find("低保户污水费多少", SEWAGE) is None


def test_a_word_that_only_tells_the_circumstances_stays_here() -> None:
    assert DOORS.find("老赖不还钱 申请强制执行收费不", EXECUTION) is None
    assert DOORS.find("老赖不还钱 怎么办", EXECUTION) is not None


def test_a_word_the_entry_knows_in_its_notes_stays_here() -> None:
    assert DOORS.find("低保户换身份证要钱吗", "居民身份证|换身份证", body="低保户免收") is None


def test_an_entry_that_would_be_answered_needs_the_word_only() -> None:
    assert DOORS.find("低保怎么申请", "低保金发放", certain=True) is None
    assert DOORS.find("低保怎么申请", "养老金发放", certain=True) is not None
