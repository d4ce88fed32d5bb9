"""python-twitter-v2, as its documentation has it."""

import json
import os
import sys

from pytwitter import Api


def read() -> dict[str, object]:
    api = Api(bearer_token=os.environ["BEARER_TOKEN"])
    user = api.get_user(username="CalderJustice").data
    found = api.search_tweets(query="court -is:retweet", max_results=50).data
    own = api.get_timelines(user_id=user.id, max_results=100).data
    return {
        "user": [user.id, user.username],
        "search": [[tweet.id, tweet.text] for tweet in found],
        "timeline": [[tweet.id, tweet.text] for tweet in own],
    }


def write(text: str) -> dict[str, object]:
    api = Api(
        consumer_key=os.environ["CONSUMER_KEY"],
        consumer_secret=os.environ["CONSUMER_SECRET"],
        access_token=os.environ["ACCESS_TOKEN"],
        access_secret=os.environ["ACCESS_TOKEN_SECRET"],
    )
    posted = api.create_tweet(text=text)
    liked = api.like_tweet(user_id=api.auth_user_id, tweet_id=posted.id)
    return {"posted": [posted.id, posted.text], "liked": liked["data"]["liked"]}


if __name__ == "__main__":
    print(json.dumps({"read": read, "write": write}[sys.argv[1]](*sys.argv[2:])))
