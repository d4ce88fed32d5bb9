"""Rows -> X's JSON: the only place with X's names for what a post or an account has.

A field that has no value for a post is left out, as X does. Nothing is sent that was not
asked for.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from kit.square.fields import Shape
from kit.square.rows import Medium, Person, PersonCounts, Post, PostCounts
from kit.square.words import Entities, Entity, display, entities
from kit.world.attention import seen
from kit.world.model import HOUR, Kind

Json = dict[str, Any]

#: What X calls the tie of a post to the one it refers to.
REFERENCES = {Kind.REPLY: "replied_to", Kind.REPOST: "retweeted", Kind.QUOTE: "quoted"}


@dataclass(frozen=True, slots=True)
class Facts:
    """What the payloads of a page need beside its rows, as of one moment."""

    now: int
    counts: Mapping[int, PostCounts] = field(default_factory=dict)
    images: Mapping[int, Sequence[Medium]] = field(default_factory=dict)
    accounts: Mapping[str, int] = field(default_factory=dict)
    person_counts: Mapping[int, PersonCounts] = field(default_factory=dict)
    latest: Mapping[int, int] = field(default_factory=dict)


def moment(at: int) -> str:
    """A time as X writes it.

    >>> moment(1_780_300_740)
    '2026-06-01T07:59:00.000Z'
    """
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%dT%H:%M:%S}.000Z"


def tweet(post: Post, shape: Shape, facts: Facts) -> Json:
    """A post as X sends it."""
    return _filled(_TWEET, shape.tweet, post, facts)


def user(person: Person, shape: Shape, facts: Facts) -> Json:
    """An account as X sends it."""
    return _filled(_USER, shape.user, person, facts)


def media(image: Medium, shape: Shape, facts: Facts) -> Json:
    """A picture as X sends it."""
    return _filled(_MEDIA, shape.media, image, facts)


def _filled(
    builders: Mapping[str, Callable[[Any, Facts], Any]],
    wanted: frozenset[str],
    row: object,
    facts: Facts,
) -> Json:
    values = {name: build(row, facts) for name, build in builders.items() if name in wanted}
    return {name: value for name, value in values.items() if value is not None}


def _attachments(post: Post, facts: Facts) -> Json | None:
    images = facts.images.get(post.id)
    return {"media_keys": [image.key for image in images]} if images else None


def _edit_controls(post: Post, facts: Facts) -> Json:
    return {
        "edits_remaining": 5,
        "is_edit_eligible": post.kind in (Kind.ORIGINAL, Kind.QUOTE),
        "editable_until": moment(post.at + HOUR),
    }


def _post_entities(post: Post, facts: Facts) -> Json | None:
    return _entities(entities(post.text), facts)


def _entities(found: Entities, facts: Facts) -> Json | None:
    sections = {
        "hashtags": [_span(each) | {"tag": each.value} for each in found.hashtags],
        "mentions": [_mention(each, facts) for each in found.mentions],
        "urls": [_url(each) for each in found.urls],
        "cashtags": [_span(each) | {"tag": each.value} for each in found.cashtags],
    }
    return {name: items for name, items in sections.items() if items} or None


def _span(entity: Entity) -> Json:
    return {"start": entity.start, "end": entity.end}


def _mention(entity: Entity, facts: Facts) -> Json:
    known = facts.accounts.get(entity.value.lower())
    owner = {} if known is None else {"id": str(known)}
    return _span(entity) | {"username": entity.value} | owner


def _url(entity: Entity) -> Json:
    shown = {
        "url": entity.value,
        "expanded_url": entity.value,
        "display_url": display(entity.value),
    }
    return _span(entity) | shown


def _post_metrics(post: Post, facts: Facts) -> Json:
    """The counts of a post. A repost has the reposts of its original, as on X."""
    own = facts.counts.get(post.id, PostCounts())
    original = post.refers_to if post.kind == Kind.REPOST else post.id
    return {
        "retweet_count": facts.counts.get(original, own).reposts,
        "reply_count": own.replies,
        "like_count": own.likes,
        "quote_count": own.quotes,
        "bookmark_count": 0,
        "impression_count": seen(post.views, facts.now - post.at, post.half_life),
    }


def _references(post: Post, facts: Facts) -> list[Json] | None:
    if not post.refers_to:
        return None
    return [{"type": REFERENCES[Kind(post.kind)], "id": str(post.refers_to)}]


_TWEET: Mapping[str, Callable[[Post, Facts], Any]] = {
    "id": lambda post, facts: str(post.id),
    "text": lambda post, facts: post.text,
    "edit_history_tweet_ids": lambda post, facts: [str(post.id)],
    "attachments": _attachments,
    "author_id": lambda post, facts: str(post.author),
    "conversation_id": lambda post, facts: str(post.conversation),
    "created_at": lambda post, facts: moment(post.at),
    "display_text_range": lambda post, facts: [0, len(post.text)],
    "edit_controls": _edit_controls,
    "entities": _post_entities,
    "in_reply_to_user_id": lambda post, facts: str(post.addressee) if post.addressee else None,
    "lang": lambda post, facts: post.language,
    "possibly_sensitive": lambda post, facts: False,
    "public_metrics": _post_metrics,
    "referenced_tweets": _references,
    "reply_settings": lambda post, facts: "everyone",
}


def _person_entities(person: Person, facts: Facts) -> Json | None:
    sections = {"description": _entities(entities(person.bio), facts)}
    if person.url:
        sections["url"] = {"urls": [_url(Entity(0, len(person.url), person.url))]}
    return {name: section for name, section in sections.items() if section} or None


def _person_metrics(person: Person, facts: Facts) -> Json:
    counts = facts.person_counts.get(person.id, PersonCounts())
    return {
        "followers_count": counts.followers,
        "following_count": counts.following,
        "tweet_count": counts.posts,
        "listed_count": 0,
        "like_count": counts.likes,
    }


def _latest(person: Person, facts: Facts) -> str | None:
    latest = facts.latest.get(person.id)
    return None if latest is None else str(latest)


_USER: Mapping[str, Callable[[Person, Facts], Any]] = {
    "id": lambda person, facts: str(person.id),
    "name": lambda person, facts: person.name,
    "username": lambda person, facts: person.username,
    "created_at": lambda person, facts: moment(person.created_at),
    "description": lambda person, facts: person.bio,
    "entities": _person_entities,
    "location": lambda person, facts: person.place or None,
    "most_recent_tweet_id": _latest,
    "protected": lambda person, facts: False,
    "public_metrics": _person_metrics,
    "url": lambda person, facts: person.url,
    "verified": lambda person, facts: bool(person.verified),
    "verified_type": lambda person, facts: "blue" if person.verified else "none",
}

_MEDIA: Mapping[str, Callable[[Medium, Facts], Any]] = {
    "media_key": lambda image, facts: image.key,
    "type": lambda image, facts: image.kind,
    "alt_text": lambda image, facts: image.alt_text or None,
    "height": lambda image, facts: image.height,
    "width": lambda image, facts: image.width,
}
