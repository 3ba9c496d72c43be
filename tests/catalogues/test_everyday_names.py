"""What people call a matter: one line for one title, or for all that begin alike."""

from pathlib import Path

from bureau.catalogues.reference import everyday_names


def test_a_starred_line_names_all_titles_that_begin_so(tmp_path: Path) -> None:
    file = tmp_path / "names.txt"
    file.write_text(
        "诉讼费(财产* = 打官司\n诉讼费(财产 小) = 小额\n诉讼费(离婚) = 离婚官司、离婚官司\n"
    )
    assert everyday_names(file) == {
        "诉讼费(财产 小)": ("打官司", "小额"),
        "诉讼费(离婚)": ("离婚官司",),
    }
