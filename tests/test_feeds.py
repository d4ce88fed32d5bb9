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
from kit.world.outside import MAIN_LIST, OldAddress
from tests.calderland import PEOPLE, pack, world

#: The feeds of the main reading list.
MAIN = [plan for plan in pack().feeds if plan.reading_list == MAIN_LIST]


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
    assert [group.get("text") for group in groups] == sorted({plan.topic for plan in MAIN})
    addresses = [o.get("xmlUrl") for o in root.iter("outline") if o.get("xmlUrl")]
    assert sorted(addresses) == sorted(square.feeds.values())
    assert len(set(addresses)) == len(MAIN) == 150


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
    planned = {plan.title: reasons[plan.defect] for plan in MAIN if plan.defect}
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
        ("If-None-Match", "{etag}", 304),
        ("If-None-Match", "{strong}", 304),
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
    value = value.replace("{strong}", headers["etag"].removeprefix("W/"))
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


def _old() -> dict[int, list[OldAddress]]:
    found: dict[int, list[OldAddress]] = {}
    for old in pack().old_addresses:
        found.setdefault(old.status, []).append(old)
    return found


def test_a_feed_that_moved_leads_on_and_one_that_ended_says_so(square: Square) -> None:
    assert set(_old()) == {301, 302, 410}
    for status in (301, 302):
        for old in _old()[status]:
            address = f"{square.url}/feeds/{old.slug}.xml"
            there = f"{square.url}/feeds/{old.feed}.xml"
            answer = requests.get(address, allow_redirects=False)
            assert (answer.status_code, answer.headers["location"]) == (status, there)
            parsed = feedparser.parse(address)
            assert (parsed.status, parsed.href) == (status, there)
            assert parsed.entries == feedparser.parse(there).entries
    for old in _old()[410]:
        answer = requests.get(f"{square.url}/feeds/{old.slug}.xml")
        assert answer.status_code == 410
        assert old.title in answer.text
    told = world().feed_truth
    statuses = dict(zip(told.feed, told.status.tolist(), strict=True))
    assert {slug: status for slug, status in statuses.items() if status != 200} == {
        old.slug: old.status for old in pack().old_addresses
    }


def test_the_small_sites_have_a_list_of_their_own_with_old_addresses_in_it(square: Square) -> None:
    root = ElementTree.parse(urlopen(f"{square.url}/small-sites.opml")).getroot()
    slugs = {o.get("xmlUrl", "").split("/")[-1] for o in root.iter("outline") if o.get("xmlUrl")}
    small = [plan for plan in pack().feeds if plan.reading_list == "small-sites"]
    assert slugs == {f"{each.slug}.xml" for each in (*small, *pack().old_addresses)}


def test_a_reading_list_can_be_asked_for_one_topic(square: Square) -> None:
    root = ElementTree.parse(urlopen(f"{square.opml}?topic=tenants")).getroot()
    assert [group.get("text") for group in root.findall("body/outline")] == ["tenants"]
    found = {each.get("text") for each in root.iter("outline") if each.get("xmlUrl")}
    assert found == {plan.title for plan in MAIN if plan.topic == "tenants"}
    other = requests.get(f"{square.opml}?topic=moon")
    assert other.status_code == 404
    assert "tenants" in other.text
    assert "small-sites" in requests.get(f"{square.url}/nothing.opml").text


def test_feeds_are_packed_for_those_who_can_unpack_them(square: Square) -> None:
    address = next(iter(square.feeds.values()))
    packed = requests.get(address, headers={"Accept-Encoding": "gzip"})
    plain = requests.get(address, headers={"Accept-Encoding": "identity"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert int(packed.headers["content-length"]) < int(plain.headers["content-length"]) / 2
    assert packed.content == plain.content
    assert packed.headers["etag"] == plain.headers["etag"]
    assert packed.headers["etag"].startswith("W/"), "the bytes differ: the tag has to be weak"
    assert "Accept-Encoding" in packed.headers["vary"] == plain.headers["vary"]


def test_head_says_what_get_would_and_sends_nothing(square: Square) -> None:
    for place in ("feeds/calder-courier.xml", "feeds.opml", "tags/BookCourt.xml"):
        head, get = (ask(f"{square.url}/{place}") for ask in (requests.head, requests.get))
        assert head.status_code == 200
        assert head.content == b""
        assert {**head.headers} == {**get.headers}


def test_a_hashtags_feed_holds_its_posts_and_grows_with_the_clock() -> None:
    with kit.open_square(people=PEOPLE) as square:
        before = feedparser.parse(f"{square.url}/tags/bookcourt.xml")
        posts = square.client.search_recent_tweets("#BookCourt -is:retweet", max_results=10).data
        assert [entry.summary for entry in before.entries[:10]] == [post.text for post in posts]
        assert [entry.link.split("/")[-1] for entry in before.entries[:10]] == [
            str(post.id) for post in posts
        ]
        square.advance(hours=24)
        after = feedparser.parse(f"{square.url}/tags/BookCourt.xml", etag=before.etag)
        assert after.entries[0].updated_parsed > before.entries[0].updated_parsed
        assert len(before.entries) == len(after.entries) == 50
        assert before.feed.id == after.feed.id, "one hashtag, in capitals or not"


def test_an_accounts_feed_holds_what_it_posts_and_no_reposts(square: Square) -> None:
    parsed = feedparser.parse(f"{square.url}/users/calderjustice.xml")
    person = square.client.get_user(username="CalderJustice").data
    posts = square.client.get_users_tweets(person.id, max_results=50, exclude=["retweets"]).data
    assert [entry.summary for entry in parsed.entries] == [post.text for post in posts]
    assert person.name in parsed.feed.title
    assert {entry.author for entry in parsed.entries} == {person.name}


@pytest.mark.parametrize("place", ["tags/a%20b", "tags/%22", "tags/a%20OR%20b", "users/nobody_x"])
def test_what_is_no_hashtag_and_nobodys_name_is_a_404(square: Square, place: str) -> None:
    assert requests.get(f"{square.url}/{place}.xml").status_code == 404


def test_a_hashtag_in_another_script_names_itself_as_it_was_asked_for(square: Square) -> None:
    address = f"{square.url}/tags/%E0%A4%85%E0%A4%A6%E0%A4%BE%E0%A4%B2%E0%A4%A4.xml"
    parsed = feedparser.parse(address)
    assert parsed.feed.title == "#अदालत"
    assert {link.href for link in parsed.feed.links if link.rel == "self"} == {address}
