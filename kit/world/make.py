"""Make a world: from a scenario and a seed to every table, step by step."""

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import overload

import numpy as np

from kit.world import press, towns, truth, wiki
from kit.world.activity import STYLES, Drafts, originals
from kit.world.attention import likes, views
from kit.world.comments import comment
from kit.world.gatherings import Gatherer
from kit.world.model import (
    IDS_A_SECOND,
    Coded,
    Ints,
    Kind,
    Likes,
    Media,
    Posts,
    PostTruth,
    Role,
    World,
    post_id,
)
from kit.world.people import Population, populate
from kit.world.scenario import Scenario
from kit.world.spread import spread
from kit.world.streams import Streams
from kit.world.voice import Writer

#: Made anew whenever this changes: raise it with every change to what a world contains.
VERSION = 5
#: X cuts the text of a repost here.
REPOST_LENGTH = 140
#: How many posts carry a picture, and how many of those say in words what it shows.
_WITH_IMAGE, _WITH_ALT_TEXT = 0.07, 0.3

#: So many texts are written at a time.
_AT_ONCE = 20_000
# Asked for each post: a plain number is quicker than a member of an Enum.
_REPOST, _REPLY = int(Kind.REPOST), int(Kind.REPLY)

Progress = Callable[[str, float], None]


def make(scenario: Scenario, seed: int, progress: Progress = lambda step, share: None) -> World:
    """The world of a scenario and a seed: the same in every run, on every machine.

    The posts' texts are written when they are read, so that a large world fits in memory.

    Args:
        scenario: what the public is like.
        seed: any whole number; another seed gives another public of the same kind.
        progress: called with a step's name and the share of the work done, 0 to 1.
    """
    streams = Streams(seed)
    progress("people", 0.0)
    population = populate(scenario, streams)
    progress("conversations", 0.4)
    drafts = spread(scenario, population, streams, originals(scenario, population, streams))
    drafts = _in_order(drafts)
    progress("likes", 0.7)
    liked, person, at = likes(population, streams, drafts)
    counts = np.bincount(liked, minlength=len(drafts))
    posts = _posts(scenario, population, streams, drafts, counts)
    order = np.lexsort((person, posts.id[liked]))
    progress("blogs and news", 0.9)
    feeds, old_addresses, feed_truth = press.feeds(scenario)
    entries, entry_truth = press.publish(scenario, streams)
    comments, comment_truth = comment(scenario, streams, entries, entry_truth)
    wiki_pages, wiki_edits, edit_truth = wiki.histories(scenario, streams)
    gatherer = Gatherer(scenario, population, streams)
    lists, list_members, list_followers = gatherer.lists()
    spaces, space_people = gatherer.talks()
    return World(
        scenario=scenario.name,
        seed=seed,
        now=scenario.now,
        people=population.people,
        follows=population.follows,
        posts=posts,
        likes=Likes(
            post=posts.id[liked][order],
            person=population.people.id[person][order],
            at=at[order],
        ),
        media=_media(scenario, population, streams, drafts, posts),
        places=towns.places(scenario),
        tagged=towns.tag(scenario, population, streams, drafts, posts),
        lists=lists,
        list_members=list_members,
        list_followers=list_followers,
        spaces=spaces,
        space_people=space_people,
        feeds=feeds,
        old_addresses=old_addresses,
        entries=entries,
        comments=comments,
        wiki_pages=wiki_pages,
        wiki_edits=wiki_edits,
        person_truth=population.truth(scenario),
        post_truth=_post_truth(scenario, population, drafts, posts),
        feed_truth=feed_truth,
        entry_truth=entry_truth,
        comment_truth=comment_truth,
        edit_truth=edit_truth,
    )


def _in_order(drafts: Drafts) -> Drafts:
    """The drafts, oldest first; their number within a second is drawn, see :func:`_ids`."""
    order = np.lexsort((drafts.key % IDS_A_SECOND, drafts.at))
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    ordered = drafts.take(order)
    for column in (ordered.parent, ordered.via):
        column[:] = np.where(column < 0, -1, place[column])
    return ordered


def _ids(drafts: Drafts) -> Ints:
    """Each post's id: its time, and a serial number from its key: no other post moves it.

    The rare second one with the same id takes the next.
    """
    ids: Ints = post_id(drafts.at, drafts.key % IDS_A_SECOND)
    for row in np.flatnonzero(np.diff(ids) == 0) + 1:
        ids[row] = ids[row - 1] + 1
    return ids


def _posts(
    scenario: Scenario, population: Population, streams: Streams, drafts: Drafts, likes: Ints
) -> Posts:
    ids = _ids(drafts)
    has_parent = drafts.parent >= 0
    parent = np.where(has_parent, drafts.parent, 0)
    reply = drafts.kind == Kind.REPLY
    above = np.where(reply, parent, np.arange(len(drafts)))
    began = above
    while (farther := above[began]).tobytes() != began.tobytes():
        began = farther
    author = population.people.id[drafts.author]
    repost = drafts.kind == Kind.REPOST
    spoken = population.language[drafts.author]
    spoken = np.where(repost, spoken[parent], spoken)
    seen, half_life = views(population, streams, drafts, likes)
    return Posts(
        id=ids,
        author=author,
        at=drafts.at,
        kind=drafts.kind,
        refers_to=np.where(has_parent, ids[parent], 0),
        conversation=ids[began],
        addressee=np.where(reply, author[parent], 0),
        language=Coded([language.code for language in scenario.languages], spoken),
        text=_Written(scenario, population, streams, drafts),
        views=seen,
        half_life=half_life,
    )


def _writers(scenario: Scenario) -> list[Writer]:
    return [Writer(scenario, scenario.phrasebooks[lang.code]) for lang in scenario.languages]


class _Written(Sequence[str]):
    """The words of every post, written when they are read.

    A reply begins with the name of whom it answers, and a repost repeats, as on X.
    """

    def __init__(
        self, scenario: Scenario, population: Population, streams: Streams, drafts: Drafts
    ) -> None:
        self._scenario = scenario
        self._population = population
        self._streams = streams
        self._drafts = drafts
        self._offices = 1 + len(scenario.organisations)
        self._writers = _writers(scenario)
        # What is reposted is soon reposted again.
        self._again = lru_cache(maxsize=50_000)(self.__getitem__)
        self._languages = population.language.tolist()

    def __len__(self) -> int:
        return len(self._drafts)

    def __iter__(self) -> Iterator[str]:
        # Sequence's own would take an IndexError from a phrasebook for the end.
        for start in range(0, len(self), _AT_ONCE):
            yield from self[start : start + _AT_ONCE]

    @overload
    def __getitem__(self, row: int) -> str: ...
    @overload
    def __getitem__(self, row: slice) -> list[str]: ...
    def __getitem__(self, row: int | slice) -> str | list[str]:
        if isinstance(row, int):
            place = range(len(self))[row]
            return self[place : place + 1][0]
        drafts = self._drafts
        columns = (
            drafts.key,
            drafts.author,
            drafts.kind,
            drafts.parent,
            drafts.topic,
            drafts.style,
        )
        rows = zip(*(column[row].tolist() for column in columns), strict=True)
        return [self._text(*values) for values in rows]

    def _text(self, key: int, author: int, kind: int, parent: int, topic: int, style: int) -> str:
        usernames = self._population.people.username
        if kind == _REPOST:
            whole = f"RT @{usernames[self._drafts.author[parent]]}: {self._again(parent)}"
            return f"{whole[: REPOST_LENGTH - 1]}…" if len(whole) > REPOST_LENGTH else whole
        words = self._writers[self._languages[author]].post(
            self._scenario.topics[topic],
            STYLES[style],
            self._streams.dice("words", key),
            self._population.habits(author, self._offices),
        )
        return f"@{usernames[self._drafts.author[parent]]} {words}" if kind == _REPLY else words


def _media(
    scenario: Scenario, population: Population, streams: Streams, drafts: Drafts, posts: Posts
) -> Media:
    """Pictures on some originals; most authors write no alternative text."""
    fits = drafts.kind == Kind.ORIGINAL
    rows = np.flatnonzero(fits & (streams.uniform("image", drafts.key) < _WITH_IMAGE))
    alt_texts = []
    writers = _writers(scenario)
    for row in rows.tolist():
        dice = streams.dice("alt text", int(drafts.key[row]))
        writer = writers[population.language[drafts.author[row]]]
        shown = writer.image(scenario.topics[drafts.topic[row]], dice)
        alt_texts.append(shown if dice.chance(_WITH_ALT_TEXT) else "")
    return Media(
        key=[f"3_{identifier}" for identifier in posts.id[rows].tolist()],
        post=posts.id[rows],
        kind=Coded(["photo"], np.zeros(len(rows), dtype=np.int8)),
        alt_text=alt_texts,
        width=np.full(len(rows), 1200, dtype=np.int64),
        height=np.full(len(rows), 800, dtype=np.int64),
        milliseconds=np.zeros(len(rows), dtype=np.int64),
    )


def _post_truth(
    scenario: Scenario, population: Population, drafts: Drafts, posts: Posts
) -> PostTruth:
    """What is true of the posts; a repost says, and is, what the post it repeats is."""
    repost = drafts.kind == Kind.REPOST
    style = np.where(repost, drafts.style[np.where(repost, drafts.parent, 0)], drafts.style)
    owned = np.array([bool(topic.owner) for topic in scenario.topics])[drafts.topic]
    needs = _needs_answer(scenario, population, drafts, owned)
    intents = [truth.intent_of(each) for each in STYLES]
    owners = ["", *dict.fromkeys(topic.owner for topic in scenario.topics if topic.owner)]
    owner = np.array([owners.index(topic.owner) for topic in scenario.topics])[drafts.topic]
    due = truth.answer_by(drafts.at, scenario.service_level_days)
    return PostTruth(
        post=posts.id,
        intent=Coded([each.value for each in intents], style),
        topic=Coded([topic.name for topic in scenario.topics], drafts.topic),
        storyline=Coded([*(story.name for story in scenario.storylines), ""], drafts.story),
        stance=truth.stance(style, owned).astype(np.int8),
        sentiment=truth.sentiment(style).astype(np.int8),
        accurate=truth.accurate(style).astype(np.int8),
        needs_answer=needs.astype(np.int8),
        answer_from=Coded(owners, np.where(needs, owner, 0)),
        answer_by=np.where(needs, due, 0),
        by_bot=population.has_role(Role.BOT)[drafts.author].astype(np.int8),
        via=np.where(drafts.via >= 0, posts.id[drafts.via], 0),
    )


def _needs_answer(scenario: Scenario, population: Population, drafts: Drafts, owned: Ints) -> Ints:
    """Questions and complaints of people about a service that nobody official answered.

    A question back counts where it is put to an office.
    """
    offices = drafts.author <= len(scenario.organisations)
    to_office = (drafts.parent >= 0) & offices[drafts.parent]
    asks = np.isin(drafts.style, truth.ANSWERABLE_STYLES)
    asks |= to_office & (drafts.style == STYLES.index("reply.follow_up"))
    answered = np.zeros(len(drafts), dtype=bool)
    official = np.flatnonzero(offices & (drafts.kind == Kind.REPLY) & (drafts.at <= scenario.now))
    answered[drafts.parent[official]] = True
    people = ~offices & ~population.has_role(Role.BOT, Role.ADVERTISER)[drafts.author]
    # Nobody answers what must not be commented on; -1, no storyline, looks up the last place.
    fair = np.array([*(story.answerable for story in scenario.storylines), True])[drafts.story]
    return np.asarray(asks & owned & people & ~answered & fair)
