"""Who likes what, and how often a post is seen: attention that leaves no words behind."""

import numpy as np

from kit.world.activity import Drafts
from kit.world.model import Ints, Kind
from kit.world.people import Population
from kit.world.streams import Streams, ordinals

#: An impression's half-life (Pfeffer 2023: 80 minutes), and how much it varies: lognormal.
VIEW_HALF_LIFE, VIEW_SPREAD = 80 * 60, 0.45
MEAN_LIKES = 1.5
#: Likes are drawn for so many posts at a time, to spare memory.
_AT_ONCE = 1_000_000


def seen(views: int, age: int, half_life: int = VIEW_HALF_LIFE) -> int:
    """How many of its impressions a post has had, ``age`` seconds after it was written.

    Args:
        views: how many it will have in the end.
        age: in seconds.
        half_life: the seconds until it has half of them; usually 80 minutes (Pfeffer 2023).

    >>> seen(1000, 80 * 60)
    500
    """
    return int(views * (1 - 0.5 ** (max(age, 0) / half_life)))


def likes(population: Population, streams: Streams, said: Drafts) -> tuple[Ints, Ints, Ints]:
    """Who liked what and when: (row of the draft, account, seconds), each pair once."""
    parts = [
        _likes(population, streams, said, np.arange(start, min(start + _AT_ONCE, len(said))))
        for start in range(0, len(said), _AT_ONCE)
    ]
    row, person, at = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    return row, person, at


def _likes(
    population: Population, streams: Streams, said: Drafts, rows: Ints
) -> tuple[Ints, Ints, Ints]:
    """The likes of some of the drafts."""
    everyone = population.audience()
    key, author, at = said.key[rows], said.author[rows], said.at[rows]
    audience = everyone[author]
    factor = np.exp(1.2 * streams.normal("liking", key) - 0.72)
    mean = MEAN_LIKES * np.sqrt((audience + 1) / (everyone.mean() + 1)) * factor
    mean = np.where(said.kind[rows] == Kind.REPOST, 0.0, mean)
    drawn = streams.uniform("likes", key)
    with np.errstate(divide="ignore"):
        number = np.floor(np.log(1 - drawn) / np.log(mean / (1 + mean)))
    number = np.minimum(np.minimum(number, audience * 0.6), 2000).astype(np.int64)
    row = np.repeat(np.arange(len(rows)), number)
    nth = ordinals(number)
    where = streams.uniform("like who", key[row], nth) * audience[row]
    person = population.followers[population.bounds[author[row]] + where.astype(np.int64)]
    wait = 60 * 35 * np.exp(1.4 * streams.normal("like wait", key[row], nth))
    _, once = np.unique(row * len(population.role) + person, return_index=True)
    liked_at = at[row] + 5 + wait.astype(np.int64)
    return rows[row[once]], person[once].astype(np.int64), liked_at[once]


def views(population: Population, streams: Streams, said: Drafts, likes: Ints) -> tuple[Ints, Ints]:
    """How often each post will have been seen in the end, its impressions, and their half-life.

    A quarter of the followers, a tenth of the reposters' followers, and a few strangers,
    times luck, and at least twelve for each like and answer. Modelling choice.
    """
    audience = population.audience()
    passed_on = np.zeros(len(said))
    reposts = np.flatnonzero(said.kind == Kind.REPOST)
    np.add.at(passed_on, said.parent[reposts], audience[said.author[reposts]] * 0.1)
    luck = np.exp(0.6 * streams.normal("views", said.key))
    total = (0.25 * audience[said.author] + passed_on + 6) * luck
    answered = np.bincount(said.parent[said.parent >= 0], minlength=len(said))
    total = np.maximum(total, (answered + likes) * 12)
    total[reposts] = 0  # X counts the impressions of a repost on the original
    half_life = VIEW_HALF_LIFE * np.exp(VIEW_SPREAD * streams.normal("view half-life", said.key))
    return total.astype(np.int64), half_life.astype(np.int64)
