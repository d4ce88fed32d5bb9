"""Which fields and expansions a request can ask for, and which it did: X's API, version 2.166."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split())


#: Every query parameter that chooses what an answer holds, with the names it allows.
TWEET_FIELDS = _names(
    "article attachments author_id card_uri community_id context_annotations conversation_id "
    "created_at display_text_range edit_controls edit_history_tweet_ids entities geo id "
    "in_reply_to_user_id lang matched_media_notes media_metadata non_public_metrics "
    "note_request_suggestions note_tweet organic_metrics paid_partnership possibly_sensitive "
    "promoted_metrics public_metrics referenced_tweets reply_settings scopes source "
    "suggested_source_links suggested_source_links_with_counts text withheld"
)
USER_FIELDS = _names(
    "affiliation confirmed_email connection_status created_at description entities id "
    "is_identity_verified location most_recent_tweet_id name parody pinned_tweet_id "
    "profile_banner_url profile_image_url protected public_metrics receives_your_dm "
    "subscription subscription_type url username verified verified_followers_count "
    "verified_type withheld"
)
MEDIA_FIELDS = _names(
    "alt_text duration_ms height media_key non_public_metrics organic_metrics "
    "preview_image_url promoted_metrics public_metrics type url variants width"
)
POLL_FIELDS = _names("duration_minutes end_datetime id options voting_status")
PLACE_FIELDS = _names("contained_within country country_code full_name geo id name place_type")
TWEET_EXPANSIONS = _names(
    "article.cover_media article.media_entities attachments.media_keys "
    "attachments.media_source_tweet attachments.poll_ids author_id edit_history_tweet_ids "
    "entities.mentions.username geo.place_id in_reply_to_user_id "
    "entities.note.mentions.username referenced_tweets.id "
    "referenced_tweets.id.attachments.media_keys referenced_tweets.id.author_id"
)
USER_EXPANSIONS = _names("affiliation.user_id most_recent_tweet_id pinned_tweet_id")

#: The parameters of every endpoint that answers with posts, and with accounts.
OF_TWEETS: Mapping[str, tuple[str, ...]] = {
    "tweet.fields": TWEET_FIELDS,
    "expansions": TWEET_EXPANSIONS,
    "media.fields": MEDIA_FIELDS,
    "poll.fields": POLL_FIELDS,
    "user.fields": USER_FIELDS,
    "place.fields": PLACE_FIELDS,
}
OF_MEDIA: Mapping[str, tuple[str, ...]] = {"media.fields": MEDIA_FIELDS}
OF_USERS: Mapping[str, tuple[str, ...]] = {
    "user.fields": USER_FIELDS,
    "expansions": USER_EXPANSIONS,
    "tweet.fields": TWEET_FIELDS,
}

#: Fields of a post that only its author may see.
PRIVATE_METRICS = ("non_public_metrics", "organic_metrics", "promoted_metrics")
_DEFAULTS = {
    "tweet": ("id", "text", "edit_history_tweet_ids"),
    "user": ("id", "name", "username"),
    "media": ("media_key", "type"),
    "poll": ("id", "options"),
    "place": ("id", "full_name"),
}
# What an expansion expands is part of the answer, as on X.
_IMPLIED = {
    "author_id": "author_id",
    "in_reply_to_user_id": "in_reply_to_user_id",
    "attachments.media_keys": "attachments",
    "attachments.media_source_tweet": "attachments",
    "attachments.poll_ids": "attachments",
    "geo.place_id": "geo",
    "entities.mentions.username": "entities",
    "referenced_tweets.id": "referenced_tweets",
    "referenced_tweets.id.author_id": "referenced_tweets author_id",
    "referenced_tweets.id.attachments.media_keys": "referenced_tweets attachments",
    "most_recent_tweet_id": "most_recent_tweet_id",
}


@dataclass(frozen=True, slots=True)
class Shape:
    """The fields that each sort of thing has in an answer, and what is expanded."""

    tweet: frozenset[str]
    user: frozenset[str]
    media: frozenset[str]
    poll: frozenset[str]
    place: frozenset[str]
    expansions: frozenset[str]

    def expands(self, *names: str) -> bool:
        """Whether one of these expansions was asked for."""
        return not self.expansions.isdisjoint(names)


def shape(asked: Mapping[str, Iterable[str]]) -> Shape:
    """What an answer holds: the default fields, those asked for, and those of expansions."""
    expansions = frozenset(asked.get("expansions", ()))
    implied = {field for name in expansions for field in _IMPLIED.get(name, "").split()}

    def fields(kind: str, *more: str) -> frozenset[str]:
        return frozenset(_DEFAULTS[kind]).union(asked.get(f"{kind}.fields", ()), more)

    return Shape(
        tweet=fields("tweet", *implied),
        user=fields("user", *implied),
        media=fields("media"),
        poll=fields("poll"),
        place=fields("place"),
        expansions=expansions,
    )
