"""Feeds: feedparser reads them all over real HTTP, the badly made ones as badly made."""

from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.request import urlopen
from xml.etree import ElementTree

import feedparser
import pytest
import requests

import kit
from kit.desk import tables
from kit.desk.client import Square
from tests.calderland import PEOPLE, pack, world


@pytest.fixture(scope="module")
def square() -> Iterator[Square]:
    with kit.open_square(people=PEOPLE) as opened:
        yield opened


@pytest.fixture(scope="module")
def parsed(square: Square) -> dict[str, feedparser.FeedParserDict]:
    return {title: feedparser.parse(address) for title, address in square.feeds.items()}


def _plan(title: str) -> dict[str, str]:
    feeds = world().feeds
    row = list(feeds.title).index(title)
    return {name: getattr(feeds, name)[row] for name in feeds.columns()}


def test_the_reading_list_names_every_feed_under_its_topic(square: Square) -> None:
    root = ElementTree.parse(urlopen(square.opml)).getroot()
    assert root.tag == "opml"
    groups = root.findall("body/outline")
    assert [group.get("text") for group in groups] == sorted(set(world().feeds.topic))
    addresses = [o.get("xmlUrl") for o in root.iter("outline") if o.get("xmlUrl")]
    assert sorted(addresses) == sorted(square.feeds.values())
    assert len(set(addresses)) == len(pack().feeds)


def test_every_feed_gives_every_entry_up_to_now_and_none_of_the_future(
    parsed: dict[str, feedparser.FeedParserDict],
) -> None:
    made = world()
    for title, feed in parsed.items():
        slug = _plan(title)["slug"]
        true = {
            entry: (at, text)
            for entry, name, at, text, *_ in made.entries.rows()
            if name == slug and at <= made.now
        }
        assert feed.status == 200
        assert {entry.link for entry in feed.entries} == set(true), title
        for entry in feed.entries:
            at, text = true[entry.link]
            assert tables.published(entry) == datetime.fromtimestamp(at, UTC), title
            assert entry.title == text, title
            assert entry.summary


def test_dates_are_written_in_three_styles(square: Square) -> None:
    texts = {_plan(title)["dates"]: requests.get(url).text for title, url in square.feeds.items()}
    assert set(texts) == {"rfc822", "rfc3339", "w3cdtf"}
    assert "<pubDate>" in texts["rfc822"]
    assert "<updated>" in texts["rfc3339"]
    assert "<dc:date>" in texts["w3cdtf"]
    assert "<pubDate>" not in texts["w3cdtf"]


def test_only_the_badly_made_feeds_are_bozo_each_for_its_own_reason(
    parsed: dict[str, feedparser.FeedParserDict],
) -> None:
    found = {
        title: type(feed.bozo_exception).__name__ for title, feed in parsed.items() if feed.bozo
    }
    reasons = {"malformed": "SAXParseException", "charset": "CharacterEncodingOverride"}
    planned = {plan.title: reasons[plan.defect] for plan in pack().feeds if plan.defect}
    assert found == planned
    assert set(planned.values()) == set(reasons.values())
    assert len(planned) < len(parsed)


def test_an_etag_saves_reading_a_feed_twice(square: Square) -> None:
    address = next(iter(square.feeds.values()))
    first = feedparser.parse(address)
    again = feedparser.parse(address, etag=first.etag)
    assert again.status == 304
    assert again.entries == []


@pytest.mark.parametrize(
    ("name", "value", "status"),
    [
        ("If-None-Match", "W/{etag}", 304),
        ("If-None-Match", '"another", {etag}', 304),
        ("If-None-Match", "*", 304),
        ("If-None-Match", '"another"', 200),
        ("If-Modified-Since", "{last-modified}", 304),
        ("If-Modified-Since", "Sat, 01 Jan 2022 00:00:00 GMT", 200),
        ("If-Modified-Since", "yesterday", 200),
    ],
)
def test_a_conditional_request_is_answered_as_http_says(
    square: Square, name: str, value: str, status: int
) -> None:
    address = next(iter(square.feeds.values()))
    headers = requests.get(address).headers
    for known, text in headers.items():
        value = value.replace(f"{{{known.lower()}}}", text)
    again = requests.get(address, headers={name: value})
    assert again.status_code == status
    assert bool(again.content) == (status == 200)
    assert again.headers["etag"] == headers["etag"]


def test_a_tag_goes_before_a_time(square: Square) -> None:
    address = next(iter(square.feeds.values()))
    time = requests.get(address).headers["last-modified"]
    both = {"If-None-Match": '"another"', "If-Modified-Since": time}
    assert requests.get(address, headers=both).status_code == 200


def test_a_feed_says_where_it_is_and_stays_the_same_feed_on_another_port(
    square: Square, parsed: dict[str, feedparser.FeedParserDict]
) -> None:
    with kit.open_square(people=PEOPLE) as other:
        for title, feed in parsed.items():
            if feed.bozo:
                continue
            again = feedparser.parse(f"{other.feeds[title]}?from=reader")
            links = {link["rel"]: link["href"] for link in again.feed.links}
            assert links["self"] == other.feeds[title] != square.feeds[title]
            assert links["alternate"] == again.feed.link == feed.feed.link
            assert again.feed.get("id") == feed.feed.get("id")


def test_a_feed_grows_as_time_passes_and_its_etag_changes() -> None:
    with kit.open_square(people=PEOPLE) as square:
        address = square.feeds["The Calder Courier"]
        before = feedparser.parse(address)
        square.advance(hours=48)
        after = feedparser.parse(address, etag=before.etag)
        assert after.status == 200
        old = {entry.link for entry in before.entries}
        assert old < {entry.link for entry in after.entries}


def test_a_feed_that_does_not_exist_is_a_404_with_a_sentence(square: Square) -> None:
    answer = requests.get(f"{square.url}/feeds/nothing.xml")
    assert answer.status_code == 404
    assert "nothing" in answer.text
    assert "feeds.opml" in answer.text
