"""Posts: by their ids, written, deleted and hidden."""

from collections.abc import Sequence
from typing import Any

import msgspec
from starlette.routing import Route

from kit.square.answers import problems
from kit.square.answers.fields import OF_TWEETS
from kit.square.answers.params import identifier, refuse
from kit.square.routes.call import Call, Endpoints, Json
from kit.square.rows import Post


class _Reply(msgspec.Struct, frozen=True):
    in_reply_to_tweet_id: str
    exclude_reply_user_ids: Sequence[str] = ()
    auto_populate_reply_metadata: bool = True


class _Media(msgspec.Struct, frozen=True):
    media_ids: Sequence[str]
    tagged_user_ids: Sequence[str] = ()


class _Poll(msgspec.Struct, frozen=True):
    options: Sequence[str]
    duration_minutes: int
    reply_settings: str = "everyone"


class _Geo(msgspec.Struct, frozen=True):
    place_id: str = ""


class _NewTweet(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a new post is made from. What has no meaning on the Square is taken and ignored."""

    text: str | None = None
    reply: _Reply | None = None
    quote_tweet_id: str | None = None
    media: _Media | None = None
    poll: _Poll | None = None
    geo: _Geo | None = None
    reply_settings: str = "everyone"
    direct_message_deep_link: str | None = None
    for_super_followers_only: bool = False
    nullcast: bool = False
    made_with_ai: bool = False
    paid_partnership: bool = False
    share_with_followers: bool = False
    community_id: str | None = None
    card_uri: str | None = None


_REPLY_SETTINGS = ("everyone", "following", "mentionedUsers", "subscribers", "verified")


class _Hidden(msgspec.Struct, frozen=True):
    hidden: bool


def routes(endpoints: Endpoints) -> list[Route]:
    """``/2/tweets`` and ``/2/tweets/{id}``."""
    return [
        endpoints.get("/tweets", several, {"ids", *OF_TWEETS}),
        endpoints.get("/tweets/{id}", one, OF_TWEETS),
        endpoints.post("/tweets", create, status=201),
        endpoints.delete("/tweets/{id}", delete),
        endpoints.put("/tweets/{id}/hidden", hide),
    ]


def several(call: Call) -> Json:
    """Posts in the order asked for; ids without a post become errors."""
    ids = call.params.identifiers("ids")
    expander = call.tweets()
    found = {post.id: post for post in call.store.posts.with_ids(ids, call.now)}
    errors = [problems.missing("tweet", "ids", str(each)) for each in ids if each not in found]
    return expander.tweets([found[each] for each in ids if each in found], errors).body()


def one(call: Call) -> Json:
    """One post."""
    expander = call.tweets()
    found = call.post()
    return expander.tweets([found]).body(one=True) if isinstance(found, Post) else found


def create(call: Call) -> Json:
    """Write a post."""
    identifier = call.perform("post", **_detail(call.read(_NewTweet)))
    (post,) = call.store.posts.with_ids([identifier], call.now)
    id = str(post.id)
    return {"data": {"id": id, "text": post.text, "edit_history_tweet_ids": [id]}}


def delete(call: Call) -> Json:
    """Delete a post of one's own."""
    return {"data": {"deleted": call.perform("delete", post=call.path_id())}}


def hide(call: Call) -> Json:
    """Hide a reply in one's own conversation, or show it again."""
    hidden = call.read(_Hidden).hidden
    return {"data": {"hidden": call.perform("hide", post=call.path_id(), hidden=hidden)}}


def _detail(new: _NewTweet) -> dict[str, Any]:
    """A new post in the Square's own words; only what was said."""
    _is_of_one_sort(new)
    detail: dict[str, Any] = {"text": new.text, "reply_settings": _settings(new.reply_settings)}
    if reply := new.reply:
        to, spared = reply.in_reply_to_tweet_id, reply.exclude_reply_user_ids
        detail["reply_to"] = identifier("reply.in_reply_to_tweet_id", to)
        detail["not_naming"] = [identifier("reply.exclude_reply_user_ids", id) for id in spared]
    if new.quote_tweet_id:
        detail["quote"] = identifier("quote_tweet_id", new.quote_tweet_id)
    if new.media:
        detail["media"] = [identifier("media.media_ids", id) for id in new.media.media_ids]
    if poll := new.poll:
        detail["poll"] = {"options": list(poll.options), "minutes": poll.duration_minutes}
    if new.geo:
        detail["place"] = new.geo.place_id
    return {name: value for name, value in detail.items() if value}


def _is_of_one_sort(new: _NewTweet) -> None:
    """A post takes media, a poll, a quoted post or a card: X takes no two of them."""
    sorts = ("media", "poll", "quote_tweet_id", "card_uri")
    if len(asked := [name for name in sorts if getattr(new, name)]) > 1:
        refuse(f"[{','.join(asked)}] cannot go together in one post: choose one", asked[0])


def _settings(asked: str) -> str:
    if asked not in _REPLY_SETTINGS:
        allowed = ",".join(_REPLY_SETTINGS)
        refuse(f"`reply_settings` [{asked}] is not one of [{allowed}]", "reply_settings", asked)
    return asked
