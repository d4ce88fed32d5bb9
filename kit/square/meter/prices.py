"""What calls cost on X: its prices for everybody who pays per use.

Source: https://docs.x.com/x-api/getting-started/pricing, as transcribed on 28 August 2026 in
github.com/api-evangelist/x, plans/x-plans-pricing.yml. It is the latest of several lists that
X published in 2026; an earlier one had a price for media, which this one no longer has.

X publishes names and prices, but not which endpoint has which: here the names decide, and what
is returned. What has no price there is free here. A post that somebody was called upon to write
("summoned") is cheaper on X; nobody is on the Square.
"""

from collections.abc import Mapping

#: The day on which the prices were read.
AS_OF = "28 August 2026"
#: Each price in millionths of a US dollar: whole numbers, so that sums are exact. What is read
#: is paid by the resource, everything else by the request.
PRICES: Mapping[str, int] = {
    "Posts: Read": 5_000,
    "User: Read": 10_000,
    "DM Event: Read": 10_000,
    "Following/Followers: Read": 10_000,
    "List: Read": 5_000,
    "Space: Read": 5_000,
    "Mute: Read": 1_000,
    "Block: Read": 1_000,
    "Owned Reads": 1_000,
    "Post: Create": 15_000,
    "Post: Create (with URL)": 200_000,
    "DM Interaction: Create": 15_000,
    "User Interaction: Create": 15_000,
    "Interaction: Delete": 10_000,
    "Content: Manage": 5_000,
    "List: Create": 10_000,
    "List: Manage": 5_000,
    "Bookmark": 5_000,
    "Media Metadata": 5_000,
    "Mute: Delete": 5_000,
    "Counts: Recent": 5_000,
    "Counts: All": 10_000,
    "Trends": 10_000,
}
#: So many posts may be read in a month.
MONTHLY_POSTS = 3_000_000

_ENDPOINTS: Mapping[str, str] = {
    "Posts: Read": """
        GET /2/tweets
        GET /2/tweets/{id}
        GET /2/tweets/search/recent
        GET /2/tweets/search/all
        GET /2/tweets/search/stream
        GET /2/tweets/sample/stream
        GET /2/tweets/sample10/stream
        GET /2/tweets/{id}/quote_tweets
        GET /2/tweets/{id}/retweets
        GET /2/users/{id}/tweets
        GET /2/users/{id}/mentions
        GET /2/users/{id}/timelines/reverse_chronological
        GET /2/users/{id}/liked_tweets
        GET /2/users/{id}/bookmarks
        GET /2/users/{id}/bookmarks/folders/{id}
        GET /2/users/reposts_of_me
        GET /2/lists/{id}/tweets
        GET /2/spaces/{id}/tweets
    """,
    "User: Read": """
        GET /2/users
        GET /2/users/{id}
        GET /2/users/by
        GET /2/users/by/username/{id}
        GET /2/users/me
        GET /2/users/search
        GET /2/tweets/{id}/liking_users
        GET /2/tweets/{id}/retweeted_by
        GET /2/lists/{id}/members
        GET /2/lists/{id}/followers
        GET /2/spaces/{id}/buyers
    """,
    "Following/Followers: Read": """
        GET /2/users/{id}/followers
        GET /2/users/{id}/following
    """,
    "Mute: Read": "GET /2/users/{id}/muting",
    "Block: Read": "GET /2/users/{id}/blocking",
    "List: Read": """
        GET /2/lists/{id}
        GET /2/users/{id}/owned_lists
        GET /2/users/{id}/list_memberships
        GET /2/users/{id}/followed_lists
        GET /2/users/{id}/pinned_lists
    """,
    "Space: Read": """
        GET /2/spaces
        GET /2/spaces/{id}
        GET /2/spaces/by/creator_ids
        GET /2/spaces/search
    """,
    "DM Event: Read": """
        GET /2/dm_events
        GET /2/dm_events/{id}
        GET /2/dm_conversations/{id}/dm_events
        GET /2/dm_conversations/with/{id}/dm_events
    """,
    "Post: Create": "POST /2/tweets",
    "DM Interaction: Create": """
        POST /2/dm_conversations
        POST /2/dm_conversations/{id}/messages
        POST /2/dm_conversations/with/{id}/messages
    """,
    "User Interaction: Create": """
        POST /2/users/{id}/likes
        POST /2/users/{id}/retweets
        POST /2/users/{id}/following
        POST /2/users/{id}/muting
        POST /2/users/{id}/blocking
    """,
    "Interaction: Delete": """
        DELETE /2/users/{id}/likes/{id}
        DELETE /2/users/{id}/retweets/{id}
        DELETE /2/users/{id}/following/{id}
        DELETE /2/users/{id}/blocking/{id}
    """,
    "Mute: Delete": "DELETE /2/users/{id}/muting/{id}",
    "Content: Manage": """
        DELETE /2/tweets/{id}
        PUT /2/tweets/{id}/hidden
        DELETE /2/dm_events/{id}
    """,
    "List: Create": "POST /2/lists",
    "List: Manage": """
        PUT /2/lists/{id}
        DELETE /2/lists/{id}
        POST /2/lists/{id}/members
        DELETE /2/lists/{id}/members/{id}
        POST /2/users/{id}/followed_lists
        DELETE /2/users/{id}/followed_lists/{id}
        POST /2/users/{id}/pinned_lists
        DELETE /2/users/{id}/pinned_lists/{id}
    """,
    "Bookmark": """
        POST /2/users/{id}/bookmarks
        DELETE /2/users/{id}/bookmarks/{id}
    """,
    "Media Metadata": """
        POST /2/media/metadata
        POST /2/media/subtitles
        DELETE /2/media/subtitles
    """,
    "Counts: Recent": "GET /2/tweets/counts/recent",
    "Counts: All": "GET /2/tweets/counts/all",
    "Trends": """
        GET /2/trends/by/woeid/{id}
        GET /2/users/personalized_trends
    """,
}
#: Under which name an endpoint is paid.
SOLD: Mapping[str, str] = {
    line.strip(): name
    for name, lines in _ENDPOINTS.items()
    for line in lines.splitlines()
    if line.strip()
}
#: Where reading one's own things, with an app of one's own, costs less.
OWNED = frozenset(
    f"GET /2/users/{{id}}/{what}"
    for what in (
        *("tweets", "mentions", "liked_tweets", "bookmarks", "followers", "following"),
        *("blocking", "muting", "owned_lists", "followed_lists", "list_memberships"),
        "pinned_lists",
    )
)
#: What is read in passing, by its place in ``includes``.
INCLUDED: Mapping[str, str] = {"tweets": "Posts: Read", "users": "User: Read"}
