"""Two hundred learners at once on one Square: nothing is lost, nothing comes twice."""

from pathlib import Path

import pytest

from kit.square.store import Store
from kit.square.worlds import find_or_make
from tests.calderland import PEOPLE
from tests.classroom import served, work


@pytest.mark.slow
def test_two_hundred_learners_post_and_read_at_once(tmp_path: Path) -> None:
    keep = tmp_path / "class"
    with served(PEOPLE, learners=200, keep=str(keep)) as square:
        notes = work(square, rounds=2, pause=0.5)
    assert notes.wrong == []
    assert len(notes.posted) == 400
    # The process was killed, not stopped: what it acknowledged is in its file.
    store = Store.open(find_or_make(people=PEOPLE).public, keep)
    kept = store.posts.with_ids(map(int, notes.posted), store.now)
    assert {str(post.id): post.text for post in kept} == notes.posted
    store.close()
