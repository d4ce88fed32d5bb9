"""Rows -> X's JSON: the only place with X's names for what a post or an account has.

A field that has no value for a post is left out, as X does. Nothing is sent that was not
asked for.
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from kit.square.answers.facts import Facts
from kit.square.answers.fields import Shape
from kit.square.answers.shown import Json, shown
from kit.square.rows import Person, PersonCounts, Post, PostCounts
from kit.square.search.conditions import BRANDS
from kit.square.search.words import Entities, Entity, display, entities
from kit.world.attention import seen
from kit.world.model import HOUR, Kind

#: What X calls the tie of a post to the one it refers to.
REFERENCES = {Kind.REPLY: "replied_to", Kind.REPOST: "retweeted", Kind.QUOTE: "quoted"}
#: The annotation of a post that names a verified account; X has many more domains.
BRAND = {"id": BRANDS, "name": "Brand", "description": "Brands and Companies"}
_LEADING_NAMES = re.compile(r"(?:@[A-Za-z0-9_]{1,15}\s+)+")
# Of 200 impressions two lead to a post's link and one to its author. Modelling choice.
_LINK_CLICKS, _PROFILE_CLICKS = 100, 200


def moment(at: int) -> str:
    """A time as X writes it.

    >>> moment(1_780_300_740)
    '2026-06-01T07:59:00.000Z'
    """
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%dT%H:%M:%S}.000Z"


def tweet(post: Post, shape: Shape, facts: Facts) -> Json:
    """A post as X sends it."""
    return shown(_TWEET, shape.tweet, post, facts)


def user(person: Person, shape: Shape, facts: Facts) -> Json:
    """An account as X sends it."""
    return shown(_USER, shape.user, person, facts)


def _attachments(post: Post, facts: Facts) -> Json | None:
    found: Json = {}
    if media := facts.media.get(post.id):
        found["media_keys"] = [each.key for each in media]
    if (poll := facts.polls.get(post.id)) is not None:
        found["poll_ids"] = [str(poll.id)]
    return found or None


def _annotations(post: Post, facts: Facts) -> list[Json] | None:
    """What a post is about, as far as it says so itself: the verified accounts it names."""
    return [
        {"domain": BRAND, "entity": {"id": str(brand.id), "name": brand.name}}
        for brand in facts.brands.get(post.id, ())
    ] or None


def _display_text_range(post: Post, facts: Facts) -> list[int]:
    """Where the text proper stands: the names that a reply begins with are outside."""
    names = _LEADING_NAMES.match(post.text) if post.kind == Kind.REPLY else None
    start = names.end() if names else 0
    return [start if start < len(post.text) else 0, len(post.text)]


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
    return _span(entity) | {
        "url": entity.value,
        "expanded_url": entity.value,
        "display_url": display(entity.value),
    }


def _post_metrics(post: Post, facts: Facts) -> Json:
    """The counts of a post. A repost has the reposts of its original, as on X."""
    own = facts.counts.get(post.id, PostCounts())
    original = post.refers_to if post.kind == Kind.REPOST else post.id
    return {
        "retweet_count": facts.counts.get(original, own).reposts,
        "reply_count": own.replies,
        "like_count": own.likes,
        "quote_count": own.quotes,
        "bookmark_count": own.bookmarks,
        "impression_count": _impressions(post, facts),
    }


def _impressions(post: Post, facts: Facts) -> int:
    return seen(post.views, facts.now - post.at, post.half_life)


def _clicks(post: Post, facts: Facts) -> Json:
    """How often a post was seen, and what that led to."""
    impressions = _impressions(post, facts)
    found = {
        "impression_count": impressions,
        "user_profile_clicks": impressions // _PROFILE_CLICKS,
    }
    if entities(post.text).urls:
        found["url_link_clicks"] = impressions // _LINK_CLICKS
    return found


def _private_metrics(post: Post, facts: Facts) -> Json | None:
    return _clicks(post, facts) if facts.sees_private(post) else None


def _organic_metrics(post: Post, facts: Facts) -> Json | None:
    """What a post has without advertising, which the Square has none of: all of it."""
    if not facts.sees_private(post):
        return None
    public = _post_metrics(post, facts)
    names = ("retweet_count", "reply_count", "like_count")
    return _clicks(post, facts) | {name: public[name] for name in names}


def _geo(post: Post, facts: Facts) -> Json | None:
    place = facts.places.get(post.id)
    return None if place is None else {"place_id": place}


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
    "context_annotations": _annotations,
    "conversation_id": lambda post, facts: str(post.conversation),
    "created_at": lambda post, facts: moment(post.at),
    "display_text_range": _display_text_range,
    "edit_controls": _edit_controls,
    "entities": _post_entities,
    "geo": _geo,
    "in_reply_to_user_id": lambda post, facts: str(post.addressee) if post.addressee else None,
    "lang": lambda post, facts: post.language,
    "non_public_metrics": _private_metrics,
    "organic_metrics": _organic_metrics,
    "possibly_sensitive": lambda post, facts: False,
    "public_metrics": _post_metrics,
    "referenced_tweets": _references,
    "reply_settings": lambda post, facts: facts.settings.get(post.conversation, "everyone"),
    "source": lambda post, facts: facts.clients.get(post.author),
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
        "listed_count": counts.listed,
        "like_count": counts.likes,
    }


def _latest(person: Person, facts: Facts) -> str | None:
    latest = facts.latest.get(person.id)
    return None if latest is None else str(latest)


def _connection(person: Person, facts: Facts) -> list[str] | None:
    """What ties an account to who asks; an app has no ties, and nobody has one to themselves."""
    if facts.viewer in (0, person.id):
        return None
    return sorted(facts.ties.get(person.id, ()))


def _takes_messages(person: Person, facts: Facts) -> bool | None:
    return None if facts.viewer in (0, person.id) else person.id not in facts.closed


_USER: Mapping[str, Callable[[Person, Facts], Any]] = {
    "id": lambda person, facts: str(person.id),
    "name": lambda person, facts: person.name,
    "username": lambda person, facts: person.username,
    "connection_status": _connection,
    "created_at": lambda person, facts: moment(person.created_at),
    "description": lambda person, facts: person.bio,
    "entities": _person_entities,
    "location": lambda person, facts: person.place or None,
    "most_recent_tweet_id": _latest,
    "profile_image_url": lambda person, facts: f"{facts.home}/avatars/{person.id}.svg",
    "protected": lambda person, facts: False,
    "public_metrics": _person_metrics,
    "receives_your_dm": _takes_messages,
    "url": lambda person, facts: person.url,
    "verified": lambda person, facts: bool(person.verified),
    "verified_type": lambda person, facts: "blue" if person.verified else "none",
}
