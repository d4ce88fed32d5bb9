"""tweepy's client for asyncio, as its documentation has it."""

import asyncio
import json
import os
import sys

from tweepy.asynchronous import AsyncClient


async def read() -> dict[str, object]:
    client = AsyncClient(os.environ["BEARER_TOKEN"])
    user = (await client.get_user(username="CalderJustice")).data
    found = (await client.search_recent_tweets("court -is:retweet", max_results=50)).data
    own = (await client.get_users_tweets(user.id, max_results=100)).data
    return {
        "user": [str(user.id), user.username],
        "search": [[str(tweet.id), tweet.text] for tweet in found],
        "timeline": [[str(tweet.id), tweet.text] for tweet in own],
    }


async def write(text: str) -> dict[str, object]:
    client = AsyncClient(
        consumer_key=os.environ["CONSUMER_KEY"],
        consumer_secret=os.environ["CONSUMER_SECRET"],
        access_token=os.environ["ACCESS_TOKEN"],
        access_token_secret=os.environ["ACCESS_TOKEN_SECRET"],
    )
    posted = (await client.create_tweet(text=text)).data
    liked = (await client.like(posted["id"])).data
    return {"posted": [posted["id"], posted["text"]], "liked": liked["liked"]}


if __name__ == "__main__":
    print(json.dumps(asyncio.run({"read": read, "write": write}[sys.argv[1]](*sys.argv[2:]))))
