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


if __name__ == "__main__":
    print(json.dumps(asyncio.run({"read": read}[sys.argv[1]]())))
