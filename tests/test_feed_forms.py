"""Every well-made feed keeps to its standard; readers that nobody here wrote can read them."""

import re
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import feedparser
import pytest
import requests
from lxml import etree

import kit
from kit.desk.client import Square
from kit.world.outside import CATEGORIES
from tests.calderland import PEOPLE, pack

SCHEMAS = Path(__file__).parent / "schemas"
ITUNES = "{http://www.itunes.com/dtds/podcast-1.0.dtd}"
PODCAST = "{https://podcastindex.org/namespace/1.0}"
RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"


@pytest.fixture(scope="module")
def square() -> Iterator[Square]:
    with kit.open_square(people=PEOPLE) as opened:
        yield opened


@cache
def _schema(name: str) -> etree.RelaxNG:
    return etree.RelaxNG(etree.parse(SCHEMAS / f"{name}.rng"))


def _listed(square: Square, name: str) -> dict[str, str]:
    root = ElementTree.fromstring(requests.get(f"{square.url}/{name}.opml").content)
    return {o.attrib["xmlUrl"]: o.attrib["text"] for o in root.iter("outline") if o.get("xmlUrl")}


def _well_made(square: Square) -> dict[str, str]:
    """The addresses of all feeds that should be well made, by the schema of their form."""
    forms = {"rss": "rss20", "atom": "atom", "rdf": "rss10"}
    plans = [plan for plan in pack().feeds if not plan.defect]
    found = {f"{square.url}/feeds/{plan.slug}.xml": forms[plan.format] for plan in plans}
    for plan in (plan for plan in plans if plan.comments):
        form = "atom" if plan.format == "atom" else "rss20"
        found[f"{square.url}/feeds/{plan.slug}/comments.xml"] = form
    for address in _listed(square, "wiki"):
        found[address] = "atom"
        found[address.replace("feed=atom", "feed=rss")] = "rss20"
    for place in ("tags/BookCourt", "tags/nobodysaysthis", "users/CalderJustice"):
        found[f"{square.url}/{place}.xml"] = "atom"
    return found


def test_every_well_made_feed_is_valid_and_no_bozo(square: Square) -> None:
    checked = _well_made(square)
    assert set(checked.values()) == {"atom", "rss20", "rss10"}
    for address, form in checked.items():
        answer = requests.get(address)
        assert answer.status_code == 200, address
        schema = _schema(form)
        assert schema.validate(etree.fromstring(answer.content)), (address, schema.error_log)
        assert not feedparser.parse(answer.content).bozo, address


@pytest.mark.parametrize(
    ("form", "spoil"),
    [
        ("atom", (rb"<updated>[^<]*</updated>", b"")),
        ("atom", (rb"<id>https:", b"<id>")),
        ("atom", (rb"\+00:00</updated>", b"</updated>")),
        ("rss20", (rb"<link>https:[^<]*</link>", b"")),
        ("rss20", (rb"\+0000</pubDate>", b"</pubDate>")),
        ("rss10", (rb' rdf:about="[^"]*"', b"")),
        ("rss10", (rb"<items>", b"<items></items><items>")),
    ],
)
def test_the_schemas_refuse_what_the_standards_refuse(
    square: Square, form: str, spoil: tuple[bytes, bytes]
) -> None:
    address = next(a for a, kind in _well_made(square).items() if kind == form)
    content = requests.get(address).content
    spoilt = re.sub(*spoil, content)
    assert spoilt != content
    assert not _schema(form).validate(etree.fromstring(spoilt))


def test_an_rdf_channel_lists_exactly_its_items_in_order(square: Square) -> None:
    for plan in (plan for plan in pack().feeds if plan.format == "rdf"):
        root = etree.fromstring(requests.get(f"{square.url}/feeds/{plan.slug}.xml").content)
        listed = [li.get(f"{RDF}resource") for li in root.iter(f"{RDF}li")]
        items = [item.get(f"{RDF}about") for item in root.iter("{http://purl.org/rss/1.0/}item")]
        assert listed == items
        assert len(items) >= plan.entries // 2


def test_podcasts_say_what_apple_requires_and_where_their_words_are(square: Square) -> None:
    plans = [plan for plan in pack().feeds if plan.kind == "podcast"]
    assert len(plans) > 20
    assert {plan.explicit for plan in plans} == {False, True}
    for plan in plans:
        root = etree.fromstring(requests.get(f"{square.url}/feeds/{plan.slug}.xml").content)
        channel = root.find("channel")
        assert channel.findtext("title") == plan.title
        assert channel.findtext("language") == plan.language
        assert channel.findtext(f"{ITUNES}author") == plan.author
        assert channel.find(f"{ITUNES}category").get("text") == plan.category
        assert plan.category in CATEGORIES
        assert channel.find(f"{ITUNES}image").get("href").endswith(".jpg")
        assert channel.findtext(f"{ITUNES}explicit") == ("yes" if plan.explicit else "clean")
        episodes = [int(item.findtext(f"{ITUNES}episode")) for item in channel.iter("item")]
        assert episodes == sorted(episodes, reverse=True)
        for item in channel.iter("item"):
            assert item.find("enclosure").get("type") == "audio/mpeg"
            assert re.fullmatch(r"\d\d:[0-5]\d", item.findtext(f"{ITUNES}duration"))
            assert item.findtext(f"{ITUNES}season") == str(plan.season)
            assert item.find(f"{PODCAST}transcript").get("type") == "text/vtt"


def test_feedparser_reads_a_podcast_as_one(square: Square) -> None:
    plan = next(plan for plan in pack().feeds if plan.explicit)
    parsed = feedparser.parse(f"{square.url}/feeds/{plan.slug}.xml")
    assert parsed.feed.itunes_explicit is True
    assert parsed.feed.tags[0].term == plan.category
    assert parsed.feed.image.href.endswith("cover.jpg")
    first = parsed.entries[0]
    assert first.itunes_season == str(plan.season)
    words = requests.get(first.podcast_transcript["url"])
    assert words.headers["content-type"].startswith("text/vtt")
    assert words.text.startswith("WEBVTT\n\n00:00:00.000 --> ")
    minutes, seconds = first.itunes_duration.split(":")
    last = re.findall(r"--> (\d\d):(\d\d):(\d\d)\.", words.text)[-1]
    assert [int(part) for part in last] == [0, int(minutes), int(seconds)]
    spoken = " ".join(line for line in words.text.splitlines() if line and "-->" not in line)
    assert first.summary.split(".")[0] in spoken


def test_newsboat_reads_every_entry_of_every_feed(square: Square, tmp_path: Path) -> None:
    newsboat = shutil.which("newsboat")
    if newsboat is None:
        pytest.skip("newsboat is not installed: apt-get install newsboat")
    addresses = sorted(_well_made(square))
    urls, cache_file, config = (tmp_path / name for name in ("urls", "cache.db", "config"))
    urls.write_text("".join(f'"{address}"\n' for address in addresses))
    config.write_text("reload-threads 4\n")
    options = [newsboat, f"--url-file={urls}", f"--cache-file={cache_file}"]
    options.append(f"--config-file={config}")

    def execute(command: str) -> str:
        told = subprocess.run(
            [*options, f"--execute={command}"],
            check=True, capture_output=True, text=True, timeout=200, env=_home(tmp_path),
        )  # fmt: skip
        return told.stdout

    execute("reload")
    with closing(sqlite3.connect(cache_file)) as cache:
        read = {guid for (guid,) in cache.execute("SELECT guid FROM rss_item")}
    # newsboat keeps an entry once, however many feeds have it: a post, in two feeds of the Square.
    published = {
        entry.get("id") or entry.link
        for address in addresses
        for entry in feedparser.parse(address).entries
    }
    assert read == published
    assert len(published) > 1_000
    assert execute("print-unread").split()[0] == str(len(published))


def _home(folder: Path) -> dict[str, str]:
    """An environment of newsboat's own: no settings of whoever runs the tests, no proxy."""
    return {"HOME": str(folder), "TERM": "dumb", "LANG": "C.UTF-8", "no_proxy": "*"}
