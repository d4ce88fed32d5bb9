"""Comments below blogs: by whom, about what, and as feeds of a blog and of an entry."""

from collections import Counter
from collections.abc import Iterator
from xml.etree import ElementTree

import feedparser
import pytest
import requests

import kit
from kit.desk import tables
from kit.desk.client import Square
from kit.world.model import Intent
from tests.calderland import PEOPLE, pack, world

COMMENTED = {plan.slug: plan for plan in pack().feeds if plan.comments}


@pytest.fixture(scope="module")
def square() -> Iterator[Square]:
    with kit.open_square(people=PEOPLE) as opened:
        yield opened


def test_comments_follow_their_entry_and_come_as_often_as_the_pack_says() -> None:
    made = world()
    at = dict(zip(made.entries.id, made.entries.at.tolist(), strict=True))
    feed = dict(zip(made.entries.id, made.entries.feed, strict=True))
    assert list(made.comments.at) == sorted(made.comments.at)
    assert len(set(made.comments.id)) == len(made.comments)
    for _, slug, entry, when, author, text in made.comments.rows():
        assert when > at[entry]
        assert feed[entry] == slug
        assert author.strip()
        assert text.strip()
    entries = Counter(slug for slug in made.entries.feed if slug in COMMENTED)
    wanted = sum(COMMENTED[slug].comments * count for slug, count in entries.items())
    assert 0.7 * wanted < len(made.comments) < 1.1 * wanted
    assert {COMMENTED[slug].language for slug in made.comments.feed} == {
        language.code for language in pack().languages
    }


def test_truth_knows_the_spam_and_what_the_others_are_for() -> None:
    told = world().comment_truth
    assert list(told.comment) == list(world().comments.id)
    spam = [intent == Intent.SPAM for intent in told.intent]
    assert spam == told.by_bot.astype(bool).tolist()
    assert 0.02 < sum(spam) / len(spam) < 0.12
    assert {"question", "praise", "chat"} <= set(told.intent)


def test_an_entry_leads_to_its_comments_and_a_blog_to_all_of_them(square: Square) -> None:
    root = ElementTree.fromstring(requests.get(f"{square.url}/comments.opml").content)
    addresses = [each.attrib["xmlUrl"] for each in root.iter("outline") if each.get("xmlUrl")]
    made = world()
    past = [row for row in made.comments.rows() if row[3] <= made.now]
    assert {address.split("/")[-2] for address in addresses} == {row[1] for row in past}
    formats = set()
    for address in addresses:
        plan = COMMENTED[address.split("/")[-2]]
        formats.add(plan.format)
        true = [row for row in past if row[1] == plan.slug][::-1]
        shown = feedparser.parse(address).entries
        assert sorted(entry.id for entry in shown) == sorted(row[0] for row in true)
        times = [tables.published(entry) for entry in shown]
        assert times == sorted(times, key=str, reverse=True)
        entry = true[0][2]
        below = f"{square.url}/feeds/{plan.slug}/{entry.split('/', 3)[3]}/comments.xml"
        if plan.format != "rdf":
            blog = requests.get(f"{square.url}/feeds/{plan.slug}.xml").text
            assert below in blog
        one = feedparser.parse(below)
        assert {each.id for each in one.entries} == {row[0] for row in true if row[2] == entry}
        texts = {row[0]: row[5] for row in true}
        assert all(texts[each.id] == each.summary for each in one.entries)
    assert formats == {"rss", "atom", "rdf"}


def test_comments_of_what_is_not_there_are_a_404(square: Square) -> None:
    for place in ("nobody/comments", "deposit-diaries/2026/01/01/000000/comments"):
        assert requests.get(f"{square.url}/feeds/{place}.xml").status_code == 404


def test_a_comment_is_text_and_never_html(square: Square) -> None:
    for slug in COMMENTED:
        for entry in feedparser.parse(f"{square.url}/feeds/{slug}/comments.xml").entries:
            assert entry.get("content"), entry
            assert entry.content[0].value.startswith("<p>")
            assert "<script" not in entry.content[0].value
