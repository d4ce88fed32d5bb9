"""The marking scheme of the sample workshop. It asks no world."""

from typing import Any

from kit.course.mark import Mark, as_ids, as_number, closeness, ndcg, overlap
from kit.course.truth import Truth

QUESTIONS = ["p1", "p3", "p4"]


def questions(answer: Any, _truth: Truth) -> Mark:
    """A list of the ids of posts that are questions."""
    found = overlap(as_ids(answer), QUESTIONS)
    return Mark(found.f1, f"You found {found.right} of {found.true} questions.")


def waiting(answer: Any, _truth: Truth) -> Mark:
    """The average number of minutes, as one number."""
    score = closeness(as_number(answer), 42, tolerance=1)
    return Mark(score, "That is the average." if score == 1 else "Look at the average again.")


def order(answer: Any, _truth: Truth) -> Mark:
    """A list of ids, the most urgent first."""
    print("a marking function may print")
    score = ndcg(answer, {"p3": 3, "p1": 2, "p4": 1}, k=3)
    return Mark(score, f"Your order is worth {score:.0%} of the best.")
