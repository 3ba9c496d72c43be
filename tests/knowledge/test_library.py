"""The library as a process keeps it: no SQL on the way of a question, new knowledge in seconds."""

from datetime import date
from pathlib import Path

from sqlalchemy import event

from bureau.catalogues import bringing
from core.db import Database
from core.settings import Settings
from knowledge.library import Library
from tests.clocks import FixedClock
from tests.waiting import until

TODAY = date(2026, 11, 23)


def bring(database: Database, folder: Path, lines: list[str], **options: bool) -> None:
    file = folder / "faq.jsonl"
    file.write_text("\n".join(lines), "utf8")
    with database.write() as db:
        bringing.bring_in(
            db,
            "faq",
            bringing.read(file, "faq"),
            file_name=file.name,
            replace=options.get("replace", False),
            reviewers=["甲", "乙"] if options.get("released", True) else [],
            now=FixedClock().now(),
        )


def line(key: str, question: str, answer: str) -> str:
    return f'{{"id": "{key}", "question": "{question}", "similar": [], "answer": "{answer}"}}'


def test_asking_reads_no_sql(library: Library, shelves: tuple[Database, Settings]) -> None:
    statements: list[str] = []
    engine = shelves[0].engine
    event.listen(engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    library.ask("护照多少钱", today=TODAY)
    library.card("fee-001", today=TODAY)
    assert statements == []


def test_a_follower_answers_from_new_knowledge_within_two_seconds(
    database: Database, tmp_path: Path
) -> None:
    library = Library.open(database, Settings(data_dir=tmp_path))
    library.follow(every_s=0.2)
    try:
        assert library.ask("财政大厅有停车场吗", today=TODAY).outcome == "unknown"
        bring(database, tmp_path, [line("q1", "财政大厅有停车场吗", "有，在楼北。")])
        until(lambda: library.version, within_s=2)
        assert library.ask("财政大厅有停车场吗", today=TODAY).hits[0].id == "q1"
    finally:
        library.close()


def test_what_waits_for_review_is_never_answered(database: Database, tmp_path: Path) -> None:
    bring(database, tmp_path, [line("q1", "大厅有停车场吗", "有。")], released=False)
    library = Library.open(database, Settings(data_dir=tmp_path))
    assert library.size == 0
    assert library.ask("大厅有停车场吗", today=TODAY).outcome == "unknown"


def test_an_empty_library_answers_politely(database: Database, tmp_path: Path) -> None:
    library = Library.open(database, Settings(data_dir=tmp_path))
    answered = library.ask("护照多少钱", today=TODAY)
    assert (answered.outcome, answered.hits) == ("unknown", ())


def test_nothing_is_rebuilt_while_the_version_stands(
    library: Library, shelves: tuple[Database, Settings]
) -> None:
    assert library.refresh() is False


def test_a_written_answer_about_the_bureau_comes_before_its_settings(
    database: Database, tmp_path: Path
) -> None:
    library = Library.open(database, Settings(data_dir=tmp_path))
    assert library.ask("财政局在哪", today=TODAY).small_talk == "ourselves"
    bring(database, tmp_path, [line("q1", "财政局在哪里办公", "在政务大厅三楼。")])
    assert library.refresh()
    assert library.ask("财政局在哪", today=TODAY).hits[0].id == "q1"


def test_a_title_with_and_in_it_is_not_two_matters(database: Database, tmp_path: Path) -> None:
    titles = ("粮食收购和粮食储备登记", "粮食收购许可", "粮食储备登记", "车辆购置补贴")
    bring(database, tmp_path, [line(f"q{i}", title, "甲。") for i, title in enumerate(titles)])
    library = Library.open(database, Settings(data_dir=tmp_path))
    one = library.ask("粮食收购和粮食储备登记怎么办", today=TODAY)
    assert [card.id for card in one.cards] == ["q0"]
    two = library.ask("粮食储备登记和车辆购置补贴怎么办", today=TODAY)
    assert {card.id for card in two.cards} == {"q2", "q3"}
