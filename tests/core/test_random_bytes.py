"""Random bytes are drawn many at once and given out once each."""

from concurrent.futures import ThreadPoolExecutor

from core.random_bytes import DRAWN_AT_ONCE, RandomBytes


def test_no_two_threads_are_given_the_same_bytes() -> None:
    drawn = RandomBytes(16)
    with ThreadPoolExecutor(8) as threads:
        given = list(threads.map(lambda _: drawn.take(), range(20 * DRAWN_AT_ONCE)))
    assert {len(one) for one in given} == {16}
    assert len(set(given)) == len(given)
