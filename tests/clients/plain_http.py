"""X's API by hand, with one of Python's HTTP libraries: ``plain_http.py read httpx``."""

import asyncio
import json
import os
import sys
import urllib.request
from typing import Any

import aiohttp
import httpx
import requests

HEADERS = {"Authorization": f"Bearer {os.environ.get('BEARER_TOKEN')}"}


def with_requests(url: str) -> Any:
    return requests.get(url, headers=HEADERS, timeout=20).json()


def with_httpx(url: str) -> Any:
    return httpx.get(url, headers=HEADERS).json()


def with_urllib(url: str) -> Any:
    request = urllib.request.Request(url, headers=HEADERS)
    with urllib.request.urlopen(request, timeout=20) as answer:
        return json.load(answer)


def with_aiohttp(url: str) -> Any:
    async def get() -> Any:
        async with aiohttp.ClientSession(headers=HEADERS) as session, session.get(url) as answer:
            return await answer.json()

    return asyncio.run(get())


def read(library: str) -> dict[str, object]:
    get = globals()[f"with_{library}"]
    api = "https://api.x.com/2"
    user = get(f"{api}/users/by/username/CalderJustice")["data"]
    found = get(f"{api}/tweets/search/recent?query=court%20-is:retweet&max_results=50")["data"]
    own = get(f"{api}/users/{user['id']}/tweets?max_results=100")["data"]
    return {
        "user": [user["id"], user["username"]],
        "search": [[tweet["id"], tweet["text"]] for tweet in found],
        "timeline": [[tweet["id"], tweet["text"]] for tweet in own],
    }


if __name__ == "__main__":
    print(json.dumps({"read": read}[sys.argv[1]](sys.argv[2])))
