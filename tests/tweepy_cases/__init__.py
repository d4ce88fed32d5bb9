"""One case for each of tweepy's methods: what is called, and what has to come of it.

A case is written once, as for ``tweepy.Client``, and run with the client for asyncio too.
"""

from tests.tweepy_cases import (
    jobs,
    lists,
    messages,
    people,
    search,
    spaces,
    streams,
    timelines,
    tweets,
)
from tests.tweepy_cases.case import Case

CASES: tuple[Case, ...] = tuple(
    case
    for family in (tweets, search, timelines, people, lists, messages, spaces, jobs)
    for case in family.CASES
)
STREAM_CASES: tuple[Case, ...] = tuple(streams.CASES)
