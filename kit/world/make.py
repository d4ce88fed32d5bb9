"""Make a world: from a scenario and a seed to every table, step by step."""

from collections.abc import Callable, Iterator

import numpy as np

from kit.world import press, truth
from kit.world.activity import NO_STYLE, STYLES, Drafts, originals
from kit.world.model import (
    IDS_A_SECOND,
    Images,
    Ints,
    Kind,
    Likes,
    PersonTruth,
    Posts,
    PostTruth,
    Role,
    Texts,
    World,
    post_id,
)
from kit.world.people import Population, populate
from kit.world.scenario import Scenario
from kit.world.spread import likes, spread, views
from kit.world.streams import Streams
from kit.world.voice import Writer

#: Made anew whenever this changes: raise it with every change to what a world contains.
VERSION = 2
#: X cuts the text of a repost here.
REPOST_LENGTH = 140
#: How many posts carry a picture, and how many of those say in words what it shows.
_WITH_IMAGE, _WITH_ALT_TEXT = 0.07, 0.3

Progress = Callable[[str, float], None]


def make(scenario: Scenario, seed: int, progress: Progress = lambda step, share: None) -> World:
    """The world of a scenario and a seed: the same in every run, on every machine.

    Args:
        scenario: what the public is like.
        seed: any whole number; another seed gives another public of the same kind.
        progress: called with a step's name and the share of the work done, 0 to 1.
    """
    streams = Streams(seed)
    progress("people", 0.0)
    population = populate(scenario, streams)
    progress("conversations", 0.15)
    drafts = spread(scenario, population, streams, originals(scenario, population, streams))
    drafts = _in_order(drafts)
    progress("likes", 0.3)
    liked, person, at = likes(population, streams, drafts)
    seen = views(population, streams, drafts, np.bincount(liked, minlength=len(drafts)))
    progress("words", 0.35)
    posts = _posts(scenario, population, streams, drafts, seen, progress)
    order = np.lexsort((person, posts.id[liked]))
    progress("blogs and news", 0.9)
    entries, entry_truth = press.publish(scenario, streams)
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
        images=_images(scenario, population, streams, drafts, posts),
        feeds=press.feeds(scenario),
        entries=entries,
        person_truth=_person_truth(scenario, population),
        post_truth=_post_truth(scenario, population, drafts, posts),
        entry_truth=entry_truth,
    )


def _in_order(drafts: Drafts) -> Drafts:
    """The drafts, oldest first; their number within a second is drawn, see :func:`_ids`."""
    order = np.lexsort((drafts.key % IDS_A_SECOND, drafts.at))
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    ordered = drafts.take(order)
    ordered.parent[:] = np.where(ordered.parent < 0, -1, place[ordered.parent])
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
    scenario: Scenario,
    population: Population,
    streams: Streams,
    drafts: Drafts,
    seen: Ints,
    progress: Progress,
) -> Posts:
    ids = _ids(drafts)
    has_parent = drafts.parent >= 0
    parent = np.where(has_parent, drafts.parent, 0)
    reply = drafts.kind == Kind.REPLY
    conversation = ids.copy()
    for row in np.flatnonzero(reply):  # oldest first: a parent's conversation is known
        conversation[row] = conversation[parent[row]]
    author = population.people.id[drafts.author]
    languages = [language.code for language in scenario.languages]
    spoken = population.language[drafts.author]
    repost = drafts.kind == Kind.REPOST
    spoken = np.where(repost, spoken[parent], spoken)
    return Posts(
        id=ids,
        author=author,
        at=drafts.at,
        kind=drafts.kind,
        refers_to=np.where(has_parent, ids[parent], 0),
        conversation=conversation,
        addressee=np.where(reply, author[parent], 0),
        language=[languages[code] for code in spoken.tolist()],
        text=_texts(scenario, population, streams, drafts, progress),
        views=seen,
    )


def _texts(
    scenario: Scenario,
    population: Population,
    streams: Streams,
    drafts: Drafts,
    progress: Progress,
) -> Texts:
    """The words of every post. A reply begins with the name of whom it answers, as on X."""
    writers = [Writer(scenario, scenario.phrasebooks[lang.code]) for lang in scenario.languages]
    usernames = population.people.username
    offices = {0, *range(1, 1 + len(scenario.organisations))}
    rows = zip(
        drafts.key.tolist(),
        drafts.author.tolist(),
        drafts.kind.tolist(),
        drafts.parent.tolist(),
        drafts.topic.tolist(),
        drafts.style.tolist(),
        strict=True,
    )
    languages = population.language.tolist()
    authors = drafts.author.tolist()
    texts: list[str] = []
    for number, (key, author, kind, parent, topic, style) in enumerate(rows):
        if number % 2000 == 0:
            progress("words", 0.35 + 0.5 * number / len(drafts))
        if style == NO_STYLE:
            whole = f"RT @{usernames[authors[parent]]}: {texts[parent]}"
            cut = len(whole) > REPOST_LENGTH
            texts.append(f"{whole[: REPOST_LENGTH - 1]}…" if cut else whole)
            continue
        words = writers[languages[author]].post(
            scenario.topics[topic],
            STYLES[style],
            streams.dice("words", key),
            careful=author in offices,
        )
        if kind == Kind.REPLY:
            words = f"@{usernames[authors[parent]]} {words}"
        texts.append(words)
    return texts


def _images(
    scenario: Scenario, population: Population, streams: Streams, drafts: Drafts, posts: Posts
) -> Images:
    """Pictures on some originals; most authors write no alternative text."""
    fits = drafts.kind == Kind.ORIGINAL
    rows = np.flatnonzero(fits & (streams.uniform("image", drafts.key) < _WITH_IMAGE))
    alt_texts = []
    for row in rows.tolist():
        dice = streams.dice("alt text", int(drafts.key[row]))
        language = scenario.languages[population.language[drafts.author[row]]].code
        topic = scenario.topics[drafts.topic[row]].name
        shown = scenario.phrasebooks[language].interests.get(topic, topic)
        place = dice.pick(scenario.places)
        alt_texts.append(f"{shown}, {place}" if dice.chance(_WITH_ALT_TEXT) else "")
    return Images(
        key=[f"3_{identifier}" for identifier in posts.id[rows].tolist()],
        post=posts.id[rows],
        alt_text=alt_texts,
        width=np.full(len(rows), 1200, dtype=np.int64),
        height=np.full(len(rows), 800, dtype=np.int64),
    )


def _person_truth(scenario: Scenario, population: Population) -> PersonTruth:
    roles = list(Role)
    languages = [language.code for language in scenario.languages]
    topics = [topic.name for topic in scenario.topics]
    communities = zip(population.language.tolist(), population.interest.tolist(), strict=True)
    return PersonTruth(
        person=population.people.id,
        role=[roles[code].value for code in population.role.tolist()],
        community=[f"{languages[lang]}/{topics[topic]}" for lang, topic in communities],
        trust=population.trust,
    )


def _post_truth(
    scenario: Scenario, population: Population, drafts: Drafts, posts: Posts
) -> PostTruth:
    """What is true of the posts; a repost says, and is, what the post it repeats is."""
    repost = drafts.kind == Kind.REPOST
    style = np.where(repost, drafts.style[np.where(repost, drafts.parent, 0)], drafts.style)
    owned = np.array([bool(topic.owner) for topic in scenario.topics])[drafts.topic]
    needs = _needs_answer(scenario, population, drafts, owned)
    topics = [topic.name for topic in scenario.topics]
    stories = [*[story.name for story in scenario.storylines], ""]
    owners = [topic.owner for topic in scenario.topics]
    due = truth.answer_by(drafts.at, scenario.service_level_days)
    return PostTruth(
        post=posts.id,
        intent=[truth.intent_of(STYLES[code]).value for code in style.tolist()],
        topic=[topics[code] for code in drafts.topic.tolist()],
        storyline=[stories[code] for code in drafts.story.tolist()],
        stance=truth.stance(style, owned),
        sentiment=truth.sentiment(style),
        accurate=truth.accurate(style),
        needs_answer=needs.astype(np.int64),
        answer_from=list(_owners(owners, drafts.topic, needs)),
        answer_by=np.where(needs, due, 0),
    )


def _needs_answer(scenario: Scenario, population: Population, drafts: Drafts, owned: Ints) -> Ints:
    """Questions and complaints of people about a service that nobody official answered."""
    asks = np.isin(drafts.style, truth.ANSWERABLE_STYLES)
    paid = [list(Role).index(role) for role in (Role.BOT, Role.ADVERTISER)]
    offices = drafts.author <= len(scenario.organisations)
    answered = np.zeros(len(drafts), dtype=bool)
    official = np.flatnonzero(offices & (drafts.kind == Kind.REPLY) & (drafts.at <= scenario.now))
    answered[drafts.parent[official]] = True
    people = ~offices & ~np.isin(population.role[drafts.author], paid)
    return np.asarray(asks & owned & people & ~answered)


def _owners(owners: list[str], topic: Ints, needs: Ints) -> Iterator[str]:
    for code, needed in zip(topic.tolist(), needs.tolist(), strict=True):
        yield owners[code] if needed else ""
