"""What people say instead of the fixed words, and what they are told when nothing fits."""

import pytest

from bot.followers import topics
from bureau.office import Office
from bureau.workdays import table
from tests.handlers.test_suggestion import NUMBER, tickets
from tests.talking import Person


@pytest.fixture(autouse=True)
def _house(office: Office) -> None:
    with office.database.write() as db:
        topics.load_reference(db)
        table.load_seed(db, office.clock.now())


def followed(office: Office, openid: str) -> int:
    with office.database.read() as db:
        return len(topics.of(db, openid))


@pytest.mark.parametrize("words", ["订阅全部", "订阅 所有主题", "全部订阅。"])
def test_all_topics_are_followed_in_one_message(person: Person, office: Office, words: str) -> None:
    assert "全部" in person.say(words)
    with office.database.read() as db:
        assert followed(office, person.openid) == len(topics.all(db))


@pytest.mark.parametrize("words", ["取消订阅", "TD", "全部退订", "我不想再收了", "别发了"])
def test_who_wants_no_more_gets_no_more(person: Person, office: Office, words: str) -> None:
    person.say("订阅 预决算")
    assert "已退订" in person.say(words)
    assert followed(office, person.openid) == 0


def test_one_topic_is_left_by_the_other_word_too(person: Person, office: Office) -> None:
    person.say("订阅 预决算")
    person.say("订阅 政策文件")
    assert "已退订“预决算”" in person.say("取消订阅 预决算")
    assert followed(office, person.openid) == 1


@pytest.mark.parametrize("words", ["1 提交", "1、提交", "确认提交", "提交吧"])
def test_the_line_of_the_list_hands_it_in_like_its_number(
    person: Person, office: Office, words: str
) -> None:
    person.say("建议 周末开放")
    assert NUMBER.search(person.say(words))
    assert len(tickets(office)) == 1


@pytest.mark.parametrize("words", ["好的", "是", "确认", "OK"])
def test_agreeing_hands_nothing_in_and_shows_the_list_again(
    person: Person, office: Office, words: str
) -> None:
    person.say("建议 周末开放")
    assert "1 提交" in person.say(words)
    assert tickets(office) == []
    assert NUMBER.search(person.say("1"))


@pytest.mark.parametrize("words", ["查进度", "办理进展", "我的建议", "我想查一下进度"])
def test_progress_is_asked_in_other_words(person: Person, words: str) -> None:
    assert "还没有提交过" in person.say(words)


@pytest.mark.parametrize("words", ["进度 abc", "进度 12345", "进度JY26-9999-X"])
def test_a_wrong_number_is_told_how_to_ask(person: Person, words: str) -> None:
    assert "进度 编号 查询码" in person.say(words)


@pytest.mark.parametrize("words", ["投诉", "我要投诉", "我想举报"])
def test_a_complaint_without_words_is_shown_every_way(person: Person, words: str) -> None:
    said = person.say(words)
    assert "msgmenucontent=信箱&" in said
    assert "msgmenucontent=人工&" in said


def test_a_procurement_complaint_is_still_a_question(person: Person) -> None:
    assert "请选一种方式" not in person.say("政府采购投诉怎么办")


@pytest.mark.parametrize("words", ["1", "7"])
def test_a_number_without_a_list_is_told_so(person: Person, words: str) -> None:
    assert "没有可以选的列表" in person.say(words)


@pytest.mark.parametrize("words", ["你是谁", "你是机器人吗？"])
def test_the_account_says_what_it_is(person: Person, words: str) -> None:
    assert "自动应答" in person.say(words)


@pytest.mark.parametrize("words", ["你们几点上班？", "工作时间", "周末办公吗"])
def test_the_hours_are_told(person: Person, office: Office, words: str) -> None:
    first = office.settings.office_hours.split("-")[0]
    assert first in person.say(words)


def test_a_mailbox_letter_is_called_a_letter(person: Person) -> None:
    person.say("信箱 大厅中午没有人")
    assert "已收到您的局长信箱来信" in person.say("1")
