"""tweepy, as its documentation has it."""

import json
import os
import sys

import tweepy


def read() -> dict[str, object]:
    client = tweepy.Client(os.environ["BEARER_TOKEN"])
    user = client.get_user(username="CalderJustice").data
    found = client.search_recent_tweets("court -is:retweet", max_results=50).data
    own = client.get_users_tweets(user.id, max_results=100).data
    return {
        "user": [str(user.id), user.username],
        "search": [[str(tweet.id), tweet.text] for tweet in found],
        "timeline": [[str(tweet.id), tweet.text] for tweet in own],
    }


if __name__ == "__main__":
    print(json.dumps({"read": read}[sys.argv[1]]()))
