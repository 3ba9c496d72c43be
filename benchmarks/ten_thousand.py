"""A data folder with 10 000 released entries, made by the product's own import."""

import json
import os
import subprocess
import sys
from itertools import product
from pathlib import Path

ROOT = Path(__file__).parent.parent
ENTRIES = 10_000
MATTERS = """
代理记账许可 会计从业 政府采购投诉 采购专家入库 非税收入退付 票据领购 预算公开 决算公开 国库支付
资产处置 资产评估备案 债务查询 专项资金申请 惠农补贴发放 创业担保贷款贴息 政府购买服务 会计继续教育
高级会计师评审 财政电子票据 公益性捐赠税前扣除 非营利组织免税 绩效评价 中小企业款项 社保基金
公务卡办理
"""
PLACES = """
兰山 罗庄 河东 沂南 郯城 沂水 兰陵 费县 平邑 莒南
蒙阴 临沭 高新区 经开区 沂河新区 市直 济南 青岛 淄博 枣庄
"""
ASPECTS = """
怎么办理 要什么材料 收费多少 多久办好 在哪里办 找哪个科室 联系电话 能不能网上办 依据是什么
有什么条件 怎么查询进度 可以代办吗 怎么撤回 怎么更正 多久更新一次 谁可以申请 不服怎么办
什么时候开始 什么时候截止 能不能加急
"""


def questions() -> tuple[str, ...]:
    """10 000 different ones, like neighbours apart from each other."""
    parts = product(ASPECTS.split(), PLACES.split(), MATTERS.split())
    made = [f"{place}{matter}{aspect}" for aspect, place, matter in parts]
    return tuple(made[:ENTRIES])


def prepare(folder: Path) -> tuple[str, ...]:
    """Import an answer to each question; gives the questions. Does nothing the second time."""
    texts = questions()
    done = folder / "prepared"
    if done.exists():
        return texts
    rows = [
        {
            "id": f"BENCH-{number:05d}",
            "question": text,
            "answer": f"{text}：请到市政务服务大厅财政窗口咨询，或拨打 0539-0000000。",
        }
        for number, text in enumerate(texts)
    ]
    file = folder / "faq.jsonl"
    lines = (json.dumps(row, ensure_ascii=False) for row in rows)
    file.write_text("\n".join(lines) + "\n", "utf8")
    command = [Path(sys.executable).parent / "flask", "import", "faq", file, "--review", "甲,乙"]
    env = {**os.environ, "DATA_DIR": str(folder), "SANDBOX": "0", "SEED": "0"}
    subprocess.run(command, cwd=ROOT, env=env, check=True, stdout=sys.stderr)
    done.touch()
    return texts
