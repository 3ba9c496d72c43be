"""Where an answer comes from is said as a clerk would say it."""

import pytest

from knowledge.library import Library
from knowledge.provenance import in_words
from tests.knowledge.conftest import TODAY


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("a.city.gov.cn/x/t1_2.html (出入境收费公示)", "出入境收费公示（a.city.gov.cn）"),
        ("copy-of.com/9.html (某县收费清单镜像页)", "某县收费清单转载页"),
        ("https://czj.city.gov.cn/info/1533/24221.htm", "czj.city.gov.cn 网页"),
        ("LawRefBook 国令711号", "国令711号"),
        ("LawRefBook", "国家法律法规全文"),
        ("b.gov.cn (某县清单;下辖县)", "某县清单;下辖县（b.gov.cn）"),
        ("某市收费目录清单", "某市收费目录清单"),
        ("某市收费清单页(本次会话早期读到)", "某市收费清单页"),
        ("zw-1.gov.cn approve_id=18006; 财会〔2018〕10号", "zw-1.gov.cn 网页；财会〔2018〕10号"),
        ("wenda-8208", "其他网页转载"),
        ("", ""),
    ],
)
def test_a_source_is_named_not_addressed(source: str, said: str) -> None:
    assert in_words(source) == said


def test_no_sample_shows_an_address_or_a_working_mark(library: Library) -> None:
    keys = [*(f"fee-{i:03}" for i in range(1, 104)), *(f"fund-{i:02}" for i in range(1, 34))]
    for key in [*keys, *(f"guide-{i:02}" for i in range(1, 51))]:
        card = library.card(key, today=TODAY)
        assert card is not None
        for mark in ("/…", "http", ".htm", "LawRefBook", "MEMORY", "会话", "镜像", "id="):
            assert mark not in card.source, (key, card.source)
