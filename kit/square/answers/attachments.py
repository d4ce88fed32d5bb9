"""Rows -> X's JSON: what hangs on posts, that is pictures and films, polls and places."""

from collections.abc import Callable, Mapping
from typing import Any

from kit.square.answers.facts import Facts
from kit.square.answers.fields import Shape
from kit.square.answers.payloads import moment
from kit.square.answers.shown import Json, shown
from kit.square.rows import Medium, Place, Poll, Post
from kit.world.attention import seen

#: The end of a file's name for each type of file; what no file was sent for is drawn.
SUFFIXES = {
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/gif": "gif",
    "image/webp": "webp",
    "video/mp4": "mp4",
}
DRAWN, DRAWN_TYPE = "svg", "image/svg+xml"


def medium(medium: Medium, shape: Shape, facts: Facts) -> Json:
    """A picture or film as X sends it."""
    return shown(_MEDIA, shape.media, medium, facts)


def poll(poll: Poll, post: Post, shape: Shape, facts: Facts) -> Json:
    """The poll of a post as X sends it."""
    return shown(_POLL, shape.poll, (poll, post), facts)


def place(place: Place, shape: Shape, facts: Facts) -> Json:
    """A place as X sends it."""
    return shown(_PLACE, shape.place, place, facts)


def _file(medium: Medium, facts: Facts) -> str:
    suffix = SUFFIXES.get(facts.files.get(medium.key, ""), DRAWN)
    return f"{facts.home}/media/{medium.key}.{suffix}"


def _url(medium: Medium, facts: Facts) -> str | None:
    return _file(medium, facts) if medium.kind == "photo" else None


def _preview(medium: Medium, facts: Facts) -> str | None:
    return None if medium.kind == "photo" else f"{facts.home}/media/{medium.key}.{DRAWN}"


def _variants(medium: Medium, facts: Facts) -> list[Json] | None:
    """The one form in which the Square has a film."""
    if medium.kind == "photo":
        return None
    mime = facts.files.get(medium.key, DRAWN_TYPE)
    return [{"bit_rate": 0, "content_type": mime, "url": _file(medium, facts)}]


def _views(medium: Medium, facts: Facts) -> Json | None:
    """Films start by themselves: whoever sees the post has seen it begin. Modelling choice."""
    post = facts.shown_on.get(medium.post)
    if medium.kind != "video" or post is None:
        return None
    return {"view_count": seen(post.views, facts.now - post.at, post.half_life)}


_MEDIA: Mapping[str, Callable[[Medium, Facts], Any]] = {
    "media_key": lambda medium, facts: medium.key,
    "type": lambda medium, facts: medium.kind,
    "alt_text": lambda medium, facts: medium.alt_text or None,
    "duration_ms": lambda medium, facts: medium.milliseconds if medium.kind == "video" else None,
    "height": lambda medium, facts: medium.height,
    "preview_image_url": _preview,
    "public_metrics": _views,
    "url": _url,
    "variants": _variants,
    "width": lambda medium, facts: medium.width,
}


def ends(poll: Poll, post: Post) -> int:
    """When a poll ends."""
    return post.at + 60 * poll.minutes


def votes(poll: Poll, post: Post, now: int) -> list[int]:
    """The votes that each choice has so far: they come as impressions come, until the end."""
    age = min(now, ends(poll, post)) - post.at
    return [seen(option.votes, age, post.half_life) for option in poll.options]


def _options(pair: tuple[Poll, Post], facts: Facts) -> list[Json]:
    poll, post = pair
    return [
        {"position": option.position, "label": option.label, "votes": count}
        for option, count in zip(poll.options, votes(poll, post, facts.now), strict=True)
    ]


_POLL: Mapping[str, Callable[[tuple[Poll, Post], Facts], Any]] = {
    "id": lambda pair, facts: str(pair[0].id),
    "options": _options,
    "duration_minutes": lambda pair, facts: pair[0].minutes,
    "end_datetime": lambda pair, facts: moment(ends(*pair)),
    "voting_status": lambda pair, facts: "open" if facts.now < ends(*pair) else "closed",
}


def _geo(place: Place, facts: Facts) -> Json:
    box = [place.west, place.south, place.east, place.north]
    return {"type": "Feature", "bbox": box, "properties": {}}


_PLACE: Mapping[str, Callable[[Place, Facts], Any]] = {
    "id": lambda place, facts: place.id,
    "full_name": lambda place, facts: place.full_name,
    "country": lambda place, facts: place.country or None,
    "country_code": lambda place, facts: place.country_code or None,
    "geo": _geo,
    "name": lambda place, facts: place.name,
    "place_type": lambda place, facts: place.kind,
}
