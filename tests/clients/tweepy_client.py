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


def write(text: str) -> dict[str, object]:
    client = tweepy.Client(
        consumer_key=os.environ["CONSUMER_KEY"],
        consumer_secret=os.environ["CONSUMER_SECRET"],
        access_token=os.environ["ACCESS_TOKEN"],
        access_token_secret=os.environ["ACCESS_TOKEN_SECRET"],
    )
    posted = client.create_tweet(text=text).data
    liked = client.like(posted["id"]).data
    return {"posted": [posted["id"], posted["text"]], "liked": liked["liked"]}


if __name__ == "__main__":
    print(json.dumps({"read": read, "write": write}[sys.argv[1]](*sys.argv[2:])))
