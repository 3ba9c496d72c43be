"""`flask evaluate`: measures the answers to a file of questions or dialogues."""

import json
from pathlib import Path
from typing import Any

import click

from ops.commands.opening import read_settings

LABELS = {
    "questions": "问题数",
    "answerable": "其中有答案",
    "recall_at_1": "首位命中 R@1",
    "recall_at_3": "前三命中 R@3",
    "mrr": "平均倒数排名 MRR",
    "no_answer_auroc": "识别无答案 AUROC",
    "direct_precision": "直接作答的准确率",
    "direct_share": "直接作答的比例",
    "choose_share": "给出选项的比例",
    "slot_accuracy": "所问要点准确率",
}


@click.command("evaluate")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="输出 JSON · print JSON")
@click.option("--wrong", "show_wrong", is_flag=True, help="列出答错的问题 · list wrong answers")
def command(file: Path, as_json: bool, show_wrong: bool) -> None:
    """用题库评测问答 · measure R@1, R@3, MRR, AUROC, precision, share, slots."""
    from bureau.catalogues import measuring
    from bureau.catalogues.asking import opened_library

    questions = measuring.read_questions(file)
    with opened_library(read_settings()) as (library, clock):
        results = measuring.ask_all(library, questions, clock.now().date())
    report = measuring.figures(results)
    if as_json:
        click.echo(json.dumps(report, ensure_ascii=False))
    else:
        show(report)
    if show_wrong:
        for result in measuring.wrong(results):
            hit = result.answered.hits[0] if result.answered.hits else None
            found = f"{hit.id} {hit.title} {hit.score:.2f}" if hit else "没有找到"
            want = "、".join(sorted(result.targets))
            click.echo(
                f"{result.data['qid']} {result.data['question']} → {found}，应为 {want}", err=True
            )


def show(report: dict[str, Any]) -> None:
    """The figures for people, the curve last."""
    for key, label in LABELS.items():
        value = report[key]
        shown = "—" if value is None else value if isinstance(value, int) else f"{value:.3f}"
        click.echo(f"{label}　{shown}")
    click.echo("准确率—比例曲线：")
    for point in report["curve"]:
        click.echo(
            f"  准确率 ≥ {point['precision']:.2f}　可直接作答 {point['share']:.1%}"
            f"　起点分 {point['from_score']:.2f}"
        )
