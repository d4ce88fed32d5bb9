"""What a token of OAuth 2.0 is good for: X's scopes, and which of them each endpoint needs."""

import re

from kit.errors import RequestError
from kit.square.access.auth import Caller, Method

#: Every scope there is, and what somebody who grants it is told.
SCOPES = {
    "tweet.read": "Read posts that you can see",
    "tweet.write": "Post and repost as you",
    "tweet.moderate.write": "Hide and show replies to your posts",
    "users.read": "Read accounts that you can see",
    "follows.read": "See whom you follow and who follows you",
    "follows.write": "Follow and unfollow as you",
    "offline.access": "Stay connected until you take the access away",
    "space.read": "See Spaces that you can see",
    "mute.read": "See whom you mute",
    "mute.write": "Mute and unmute as you",
    "like.read": "See what you like",
    "like.write": "Like and unlike as you",
    "list.read": "See your lists",
    "list.write": "Make and change lists as you",
    "block.read": "See whom you block",
    "block.write": "Block and unblock as you",
    "bookmark.read": "Read your bookmarks",
    "bookmark.write": "Make and remove bookmarks as you",
    "dm.read": "Read your direct messages",
    "dm.write": "Send direct messages as you",
    "media.write": "Upload pictures and films as you",
    "timeline.read": "Read timelines that you can see",
}

_READ = frozenset({"tweet.read", "users.read"})
#: Where an app asked for access to read only; X's words.
_READ_ONLY = (
    "Your client app is not configured with the appropriate oauth1 app permissions for this "
    "endpoint."
)
#: By method and path after ``/2``: the scopes of X's OpenAPI document, where an endpoint needs
#: others than the two that nearly all of them need.
_NEEDED = {
    ("POST", "/dm_conversations"): _READ | {"dm.write"},
    ("GET", "/dm_conversations/with/{}/dm_events"): _READ | {"dm.read"},
    ("POST", "/dm_conversations/with/{}/messages"): _READ | {"dm.write"},
    ("POST", "/dm_conversations/{}/messages"): _READ | {"dm.write"},
    ("GET", "/dm_conversations/{}/dm_events"): _READ | {"dm.read"},
    ("GET", "/dm_events"): _READ | {"dm.read"},
    ("DELETE", "/dm_events/{}"): frozenset({"dm.read", "dm.write"}),
    ("GET", "/dm_events/{}"): _READ | {"dm.read"},
    ("POST", "/lists"): _READ | {"list.read", "list.write"},
    ("DELETE", "/lists/{}"): _READ | {"list.write"},
    ("GET", "/lists/{}"): _READ | {"list.read"},
    ("PUT", "/lists/{}"): _READ | {"list.write"},
    ("GET", "/lists/{}/followers"): _READ | {"list.read"},
    ("GET", "/lists/{}/members"): _READ | {"list.read"},
    ("POST", "/lists/{}/members"): _READ | {"list.write"},
    ("DELETE", "/lists/{}/members/{}"): _READ | {"list.write"},
    ("GET", "/lists/{}/tweets"): _READ | {"list.read"},
    ("GET", "/media"): frozenset({"tweet.read"}),
    ("POST", "/media/metadata"): frozenset({"media.write"}),
    ("GET", "/media/upload"): frozenset({"media.write"}),
    ("POST", "/media/upload"): frozenset({"media.write"}),
    ("POST", "/media/upload/initialize"): frozenset({"media.write"}),
    ("POST", "/media/upload/{}/append"): frozenset({"media.write"}),
    ("POST", "/media/upload/{}/finalize"): frozenset({"media.write"}),
    ("GET", "/media/{}"): frozenset({"tweet.read"}),
    ("GET", "/spaces"): _READ | {"space.read"},
    ("GET", "/spaces/by/creator_ids"): _READ | {"space.read"},
    ("GET", "/spaces/search"): _READ | {"space.read"},
    ("GET", "/spaces/{}"): _READ | {"space.read"},
    ("GET", "/spaces/{}/buyers"): _READ | {"space.read"},
    ("GET", "/spaces/{}/tweets"): _READ | {"space.read"},
    ("POST", "/tweets"): _READ | {"tweet.write"},
    ("DELETE", "/tweets/{}"): _READ | {"tweet.write"},
    ("GET", "/tweets/{}/liking_users"): _READ | {"like.read"},
    ("PUT", "/tweets/{}/hidden"): _READ | {"tweet.moderate.write"},
    ("GET", "/users/reposts_of_me"): frozenset({"timeline.read", "tweet.read"}),
    ("GET", "/users/{}/blocking"): _READ | {"block.read"},
    ("GET", "/users/{}/bookmarks"): _READ | {"bookmark.read"},
    ("POST", "/users/{}/bookmarks"): _READ | {"bookmark.write"},
    ("DELETE", "/users/{}/bookmarks/{}"): _READ | {"bookmark.write"},
    ("GET", "/users/{}/followed_lists"): _READ | {"list.read"},
    ("POST", "/users/{}/followed_lists"): _READ | {"list.write"},
    ("DELETE", "/users/{}/followed_lists/{}"): _READ | {"list.write"},
    ("GET", "/users/{}/followers"): _READ | {"follows.read"},
    ("GET", "/users/{}/following"): _READ | {"follows.read"},
    ("POST", "/users/{}/following"): _READ | {"follows.write"},
    ("GET", "/users/{}/liked_tweets"): _READ | {"like.read"},
    ("POST", "/users/{}/likes"): _READ | {"like.write"},
    ("DELETE", "/users/{}/likes/{}"): _READ | {"like.write"},
    ("GET", "/users/{}/list_memberships"): _READ | {"list.read"},
    ("GET", "/users/{}/muting"): _READ | {"mute.read"},
    ("POST", "/users/{}/muting"): _READ | {"mute.write"},
    ("GET", "/users/{}/owned_lists"): _READ | {"list.read"},
    ("GET", "/users/{}/pinned_lists"): _READ | {"list.read"},
    ("POST", "/users/{}/pinned_lists"): _READ | {"list.write"},
    ("DELETE", "/users/{}/pinned_lists/{}"): _READ | {"list.write"},
    ("POST", "/users/{}/retweets"): _READ | {"tweet.write"},
    ("DELETE", "/users/{}/retweets/{}"): _READ | {"tweet.write"},
    ("DELETE", "/users/{}/following/{}"): _READ | {"follows.write"},
    ("DELETE", "/users/{}/muting/{}"): _READ | {"mute.write"},
}


def needed(method: str, path: str) -> frozenset[str]:
    """The scopes that an endpoint needs, all of them; ``path`` is its template after ``/2``.

    >>> sorted(needed("POST", "/users/{id}/likes"))
    ['like.write', 'tweet.read', 'users.read']
    """
    return _NEEDED.get((method, re.sub(r"\{[^}]*\}", "{}", path)), _READ)


def require(caller: Caller, method: str, path: str) -> None:
    """See that a token was granted for what it is used for.

    X answers a missing scope with the bare word Forbidden; here it is followed by the reason.

    Raises:
        RequestError: 403 where it was not.
    """
    if caller.scopes is None:
        return
    if caller.method is Method.OAUTH1:
        if method != "GET" and "write" not in caller.scopes:
            raise RequestError(_READ_ONLY, status=403)
        return
    wanted = needed(method, path)
    if lacking := wanted - caller.scopes:
        raise RequestError(
            f"Forbidden: {method} /2{path} needs the scopes {' '.join(sorted(wanted))}, and this "
            f"token was not granted {' '.join(sorted(lacking))}. Ask for them when you ask for "
            "access.",
            status=403,
        )
