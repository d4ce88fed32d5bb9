"""The Square's pages: what they show, what their forms do, and what they refuse."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.types import ASGIApp

from kit.square import acts
from kit.square.access.auth import Caller, Method
from kit.square.access.session import Session
from kit.square.access.tokens import Tokens
from kit.square.acts import Act
from kit.square.clock import Clock
from kit.square.ids import MAX_ID
from kit.square.meter.ledger import Ledger
from kit.square.meter.limits import Limits, endpoint
from kit.square.meter.stopwatch import Stopwatch
from kit.square.routes import pages
from kit.square.routes.pages.view import Site
from kit.square.rows import Reach
from kit.square.site import make_site
from kit.square.store import Store
from kit.square.web.markup import article, marked_up
from kit.square.web.trending import Trender
from kit.square.worldfile import write
from kit.world.model import DAY, HOUR, Kind
from tests import files, square_world
from tests.site_browser import Browser, Node, read
from tests.square_world import (
    ADA,
    ANSWER,
    BOB,
    CHITRA,
    EMILE,
    HINDI,
    NOW,
    ORPHAN,
    OUTAGE,
    PICTURE,
    QUIET,
    QUOTE,
    REPOST,
    Draft,
    small_id,
)


def _saved(folder: Path, drafts: list[Draft]) -> Path:
    write(square_world.build(drafts), folder / "public.square", folder / "truth.square")
    return folder / "public.square"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _saved(tmp_path_factory.mktemp("pages"), square_world.SMALL)


@pytest.fixture
def store(world: Path) -> Iterator[Store]:
    opened = Store.open(world)
    yield opened
    opened.close()


@pytest.fixture
def site(store: Store) -> ASGIApp:
    return make_site(store, Clock(NOW), owner=ADA)


@pytest.fixture
def ada(site: ASGIApp) -> Browser:
    """A browser on the owner's machine: it acts for Ada without asking."""
    return Browser(site)


@pytest.fixture
def stranger(site: ASGIApp) -> Browser:
    """A browser on another machine: it has to sign in."""
    return Browser(site, client="10.0.0.7")


def _thread(number: int) -> str:
    return f"/posts/{small_id(number)}"


def _main(page: Node) -> Node:
    return page.one("main")


def _said(page: Node) -> list[str]:
    return [each.text for each in _main(page).all("p", "said")]


def _button(page: Node, name: str) -> Node:
    (found,) = [each for each in _main(page).all("button") if name in each.words]
    return found


PAGES = [
    *("/", "/following", "/search", "/search?q=court", "/search?q=(court", "/trending", "/blogs"),
    *("/podcasts", "/blogs/blog", "/blogs/blog/1", "/api", "/about", "/compose"),
    *("/users/ada_b", "/users/ada_b/replies", "/users/ada_b/likes", "/nowhere"),
    *("/users/ada_b/followers", "/users/ada_b/following", "/link?to=https://nobody.example/"),
    *(_thread(OUTAGE), f"{_thread(OUTAGE)}/likes", f"{_thread(OUTAGE)}/reposts"),
    *(f"{_thread(OUTAGE)}/quotes", f"/compose?quote={small_id(OUTAGE)}"),
]


@pytest.mark.parametrize("address", PAGES)
def test_every_page_says_that_all_is_invented_and_takes_nothing_from_elsewhere(
    ada: Browser, address: str
) -> None:
    page = ada.open(address)
    assert page.one("p", "invented").words.startswith("Everyone and everything here is invented.")
    assert page.one("html").attributes["lang"] == "en-GB"
    policy = ada.response.headers["content-security-policy"].split("; ")
    assert {"default-src 'self'", "frame-ancestors 'none'", "base-uri 'none'"} <= set(policy)
    assert ada.response.headers["x-content-type-options"] == "nosniff"
    assert ada.response.headers["referrer-policy"] == "same-origin"
    for node in page.all():
        assert node.tag != "style"
        assert not any(name.startswith("on") or name == "style" for name in node.attributes)
        for name in ("href", "src", "action", "formaction"):
            assert node.attributes.get(name, "/").startswith(("/", "?", "#"))
    assert [each.tag for each in page.all("h1")] == ["h1"]


@pytest.mark.parametrize("address", PAGES)
def test_the_headings_of_every_page_leave_no_level_out(ada: Browser, address: str) -> None:
    levels = [int(node.tag[1]) for node in _main(ada.open(address)).all() if node.tag in _HEADINGS]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


def test_the_front_page_shows_what_there_is_now_and_no_reposts_the_newest_first(
    ada: Browser,
) -> None:
    page = ada.open("/")
    texts = [draft.text for draft in square_world.SMALL]
    now = [n for n in range(len(texts)) if n != REPOST and square_world.SMALL[n].at <= NOW]
    shown = [each.all("p", "said")[0].text for each in _main(page).all("article")]
    newest = sorted(now, key=lambda n: -square_world.SMALL[n].at)
    assert shown == [texts[n] for n in newest]


def test_a_post_says_its_language_its_time_and_its_counts_in_words(ada: Browser) -> None:
    page = ada.open("/users/chitra")
    first, second = _main(page).all("article")
    assert first.one("p", "said").attributes["lang"] == "hi"
    assert first.one("time").words == "1 hour ago"
    assert first.one("time").attributes["datetime"] == "2026-06-01T07:00:00+00:00"
    assert second.one("blockquote").one("p", "said").attributes["lang"] == "en"
    names = [each.words for each in _main(ada.open(_thread(OUTAGE))).all(css="act")]
    assert names[:4] == ["Reply: 1 reply", "Repost: 1 repost", "Quote: 1 quote", "Like: 2 likes"]


def test_a_picture_is_told_in_words_and_one_without_words_says_so(ada: Browser) -> None:
    page = ada.open(_thread(PICTURE))
    assert [each.words for each in page.all("figcaption")] == [
        "Picture: A queue",
        "A picture without a description",
    ]


@pytest.mark.parametrize("told", ["A <b>dot</b>", ""])
def test_a_picture_that_was_sent_is_shown(ada: Browser, store: Store, told: str) -> None:
    sent = acts.perform(store, Act(NOW, ADA, "upload", {"content": files.png()}))
    if told:
        acts.perform(store, Act(NOW, ADA, "describe", {"upload": sent, "text": told}))
    post = {"text": "Look", "media": [sent]}
    page = ada.open(f"/posts/{acts.perform(store, Act(NOW, ADA, 'post', post))}")
    picture = page.one("figure", "picture").one("img")
    assert picture.attributes["alt"] == (told or "A picture without a description")
    assert ada.request("GET", picture.attributes["src"]).content == files.png()


def test_a_poll_shows_its_choices_and_when_it_ends(ada: Browser, store: Store) -> None:
    poll = {"options": ["Yes <b>", "No"], "minutes": 60}
    made = acts.perform(store, Act(NOW, BOB, "post", {"text": "Well?", "poll": poll}))
    ballot = ada.open(f"/posts/{made}").one("dl", "ballot")
    assert [each.text for each in ballot.all("dt")] == ["Yes <b>", "No"]
    assert [each.words for each in ballot.all("dd")] == ["0 votes", "0 votes"]
    assert "0 votes · ends 1 June 2026, 09:00" in _main(ada.open(f"/posts/{made}")).words


def test_older_and_newer_lead_through_all_posts_and_back(tmp_path: Path) -> None:
    drafts = [Draft(NOW - 60 * (50 - n), ADA, f"Number {n}") for n in range(45)]
    store = Store.open(_saved(tmp_path, drafts))
    browser = Browser(make_site(store, Clock(NOW)))
    address, seen, newer = "/", list[str](), list[str]()
    while address:
        page = browser.open(address)
        newer += [address]
        seen += _said(page)
        links = page.all("a", rel="next")
        address = f"/{links[0].attributes['href']}" if links else ""
    assert seen == [f"Number {n}" for n in reversed(range(45))]
    back = browser.open(f"/{page.one('a', rel='prev').attributes['href']}")
    assert _said(back) == seen[20:40]
    assert browser.open("/?page=nonsense").one("h1").words == "That did not work"
    assert browser.response.status_code == 404
    store.close()


def test_a_thread_shows_what_is_above_and_the_replies_below(ada: Browser) -> None:
    page = ada.open(_thread(OUTAGE))
    assert page.one("ol", "tree").one("p", "said").text == "@ada_b We are mending it. Sorry!"
    page = ada.open(_thread(ANSWER))
    assert page.one("div", "above").one("p", "said").text == square_world.SMALL[OUTAGE].text
    assert "Answers a post that is gone" in _main(ada.open(_thread(ORPHAN))).words
    assert ada.open(_thread(REPOST)).one("title").words.startswith("@ada_b")


def test_replies_to_replies_stand_below_them(ada: Browser, store: Store) -> None:
    reply = {"text": "When?", "reply_to": small_id(ANSWER)}
    acts.perform(store, Act(NOW, BOB, "post", reply))
    tree = ada.open(_thread(OUTAGE)).all("ol", "tree")
    assert len(tree) == 2
    assert tree[1].one("p", "said").text == "@CalderJustice When?"
    assert tree[0].all("h3")
    assert tree[1].all("h4")


def test_whoever_began_a_conversation_hides_a_reply_and_shows_it_again(
    ada: Browser, stranger: Browser
) -> None:
    page = ada.open(_thread(OUTAGE))
    page = ada.press(_button(page, "Hide this reply"), page)
    hidden = page.one("details", "hidden")
    assert hidden.one("summary").words == "A hidden reply of @CalderJustice"
    assert "We are mending it" in hidden.words
    assert stranger.open(_thread(OUTAGE)).all("details", "hidden")
    page = ada.press(_button(page, "Show this reply"), page)
    assert not page.all("details", "hidden")


@pytest.mark.parametrize(
    ("what", "expected"),
    [("likes", ["@Bob", "@chitra"]), ("reposts", ["@Bob"]), ("quotes", ["@chitra"])],
)
def test_who_liked_reposted_and_quoted_a_post(ada: Browser, what: str, expected: list[str]) -> None:
    page = _main(ada.open(f"{_thread(OUTAGE)}/{what}"))
    listed = page.all("ul", "people") or page.all("div", "posts")
    names = [each.words for each in listed[0].all("span", "quiet") if each.words[:1] == "@"]
    assert sorted(names[: len(expected)]) == sorted(expected)


def test_a_profile_counts_and_lists(ada: Browser) -> None:
    page = ada.open("/users/calderjustice")
    tabs = [each.words for each in _main(page).one("nav", "tabs").all("a")]
    assert tabs == ["Posts", "Replies", "Likes", "1 following", "4 followers"]
    assert "1 post · 0 likes given" in _main(page).one("ul", "facts").words
    assert "verified" in _main(page).one(css="profile").words
    page = ada.open("/users/CalderJustice/followers")
    assert len(page.one("ul", "people").all("li")) == 4
    assert "@ada_b We are mending it. Sorry!" in _said(ada.open("/users/CalderJustice/replies"))


def test_the_face_on_a_page_is_the_portrait_that_the_api_gives_out(ada: Browser) -> None:
    face = _main(ada.open("/users/quiet")).one("img", "large")
    assert face.attributes["src"] == f"/avatars/{QUIET}.svg"
    assert ada.request("GET", face.attributes["src"]).headers["content-type"] == "image/svg+xml"


def test_following_and_back(ada: Browser, store: Store) -> None:
    page = ada.open("/users/quiet")
    page = ada.press(_button(page, "Follow"), page)
    assert store.people.follows(ADA, QUIET)
    page = ada.press(_button(page, "Unfollow @quiet"), page)
    assert not store.people.follows(ADA, QUIET)
    assert _button(page, "Follow @quiet")


def test_the_following_page_shows_whom_one_follows_and_not_whom_one_mutes(
    ada: Browser, store: Store
) -> None:
    acts.perform(store, Act(NOW, ADA, "follow", {"person": EMILE}))
    assert "Le café du tribunal est fermé, l'été aussi" in _said(ada.open("/following"))
    assert "न्याय सबके लिए #न्याय" not in _said(ada.open("/following"))
    acts.perform(store, Act(NOW, ADA, "mute", {"person": EMILE}))
    assert "Le café du tribunal est fermé, l'été aussi" not in _said(ada.open("/following"))


def test_nor_those_whom_others_repost(ada: Browser, store: Store) -> None:
    acts.perform(store, Act(NOW, ADA, "follow", {"person": BOB}))
    acts.perform(store, Act(NOW, BOB, "repost", {"post": small_id(HINDI)}))
    assert "न्याय सबके लिए #न्याय" in _said(ada.open("/following"))
    acts.perform(store, Act(NOW, ADA, "mute", {"person": CHITRA}))
    assert "न्याय सबके लिए #न्याय" not in _said(ada.open("/following"))


def test_search_finds_and_says_what_was_asked(ada: Browser) -> None:
    page = ada.open("/search?q=court+-is:retweet+(booking+OR+queue)")
    asks = _main(page).one("ul", "asks")
    assert asks.words == (
        "meets all of says “court” court but not is a repost is:retweet meets any of "
        "says “booking” booking says “queue” queue"
    )
    shown = [each.one("p", "said").text for each in _main(page).all("article")]
    assert shown == [square_world.SMALL[OUTAGE].text, "The queue at the court today"]
    assert _main(page).one("input", type="search").attributes["value"] == (
        "court -is:retweet (booking OR queue)"
    )


def test_search_is_of_seven_days_unless_asked_for_all(ada: Browser) -> None:
    assert _said(ada.open("/search?q=old")) == []
    assert _said(ada.open("/search?q=old&when=any")) == ["An old word about the court"]


def test_a_wrong_query_is_shown_again_with_its_mistake_marked(ada: Browser) -> None:
    page = ada.open("/search?q=court+%28queue")
    assert ada.response.status_code == 400
    wrong = _main(page).one("div", "error")
    assert "(at position 7)" in wrong.words
    assert wrong.one("code").text == "court (queue"
    assert wrong.one("mark").text == "("
    assert _main(page).one("input", type="search").attributes["value"] == "court (queue"


def _trending(tmp_path: Path, drafts: list[Draft]) -> Trender:
    return Trender(Store.open(_saved(tmp_path, drafts)))


def test_growth_is_today_against_a_usual_day_as_the_page_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = [ADA, BOB, CHITRA]
    drafts = [
        *(Draft(NOW - 3 * DAY + n, people[n % 3], "#Rain again") for n in range(14)),
        *(
            Draft(NOW - 2 * DAY + n, people[n % 3], f"RT @a: #Rain {n}", Kind.REPOST, 0)
            for n in range(4)
        ),
        *(
            Draft(NOW - 5 * HOUR + n, people[n % 3], "#rain, #rain #RAIN and more")
            for n in range(9)
        ),
        *(Draft(NOW - 4 * HOUR + n, ADA, "#Mine alone") for n in range(9)),
        *(
            Draft(NOW - 3 * HOUR + n, person, "#pluie", language="fr")
            for n, person in enumerate(people)
        ),
    ]
    trender = _trending(tmp_path, drafts)
    (rain,) = trender.hashtags("en", NOW).trends
    assert (rain.text, rain.today, rain.usual) == ("rain", 9, 2.0)
    assert rain.growth == (9 + 5) / (2 + 5)
    assert [trend.text for trend in trender.words("en", NOW).trends] == ["and", "more"]
    assert [trend.text for trend in trender.hashtags("", NOW).trends] == ["rain", "pluie"]
    assert [trend.text for trend in trender.hashtags("fr", NOW).trends] == ["pluie"]


def test_what_trends_is_of_the_minute(tmp_path: Path) -> None:
    people = [ADA, BOB, CHITRA]
    drafts = [Draft(NOW + 30 + n, person, "#Late") for n, person in enumerate(people)]
    trender = _trending(tmp_path, [Draft(NOW - 60, ADA, "Before"), *drafts])
    assert trender.hashtags("", NOW + 59).trends == []
    assert [each.text for each in trender.hashtags("", NOW + 60).trends] == ["Late"]


def test_many_posts_are_sampled_evenly(tmp_path: Path) -> None:
    drafts = [
        Draft(NOW - DAY + 10 * n, (ADA, BOB, CHITRA)[n // 7 % 3], "#Rain") for n in range(5000)
    ]
    (rain,) = _trending(tmp_path, drafts).hashtags("", NOW).trends
    assert abs(rain.today - 5000) < 10


def test_blogs_by_topic_a_feed_and_an_entry(ada: Browser) -> None:
    page = _main(ada.open("/blogs"))
    assert page.one("ul", "feeds").words.startswith("Blog English · by Ada · 2 entries")
    page = ada.open("/blogs/blog")
    assert [each.words for each in _main(page).one("ul", "entries").all("a")] == ["Two", "One"]
    assert page.one("link", type="application/atom+xml").attributes["href"] == "/feeds/blog.xml"
    entry = _main(ada.open("/blogs/blog/2"))
    assert entry.one("div", "article").one("p").text == "2"
    comments = _main(ada.open("/blogs/blog/1")).one("ul", "entries")
    assert comments.words == "Bob · 1 hour ago Well said"
    assert "no such entry, or not yet" in ada.open("/blogs/blog/3").words


def test_a_podcast_says_how_long_it_is_and_that_there_is_no_sound(tmp_path: Path) -> None:
    made = square_world.small()
    made.feeds.kind[0] = "podcast"  # type: ignore[index]
    made.entries.duration[:] = 1266
    write(made, tmp_path / "public.square", tmp_path / "truth.square")
    store = Store.open(tmp_path / "public.square")
    browser = Browser(make_site(store, Clock(NOW)))
    page = _main(browser.open("/blogs/blog"))
    assert "2 episodes" in page.words
    assert "21 minutes" in page.words
    assert "There is no sound" in page.words
    assert "There is no sound" in _main(browser.open("/blogs/blog/1")).words
    assert browser.open("/podcasts").one("ul", "feeds").all("a")
    assert not browser.open("/blogs").all("ul", "feeds")
    store.close()


def test_a_link_leads_to_the_squares_own_page_or_says_that_it_is_invented(ada: Browser) -> None:
    link = ada.open(_thread(OUTAGE)).one("main").all("p", "said")[0].all("a")[-1]
    page = ada.open(link.attributes["href"])
    assert page.one("h1").words == "This address is invented"
    assert page.one("p", "address").words == "https://justice.example/book"
    assert ada.open("/link?to=https://blog.example/").one("h1").words == "Blog"
    assert ada.open("/link?to=https://blog.example/2").one("h1").words == "Two"
    outside = ada.open("/link?to=https://example.org/a%22b")
    assert outside.one("h1").words == "This address is not of the Square"
    assert not [a for a in outside.all("a") if "example.org" in a.attributes["href"]]


def test_the_api_page_has_the_readers_own_tokens(
    ada: Browser, stranger: Browser, store: Store
) -> None:
    code = ada.open("/api").one("pre", id="tweepy").text
    credentials = Tokens(store).credentials(ADA)
    assert f'bearer_token="{credentials.bearer_token}"' in code
    assert f'access_token_secret="{credentials.access_token_secret}"' in code
    assert "square-" not in stranger.open("/api").text


def test_the_api_page_says_what_ones_own_calls_cost_and_how_many_are_left(store: Store) -> None:
    tokens, ledger = Tokens(store), Ledger()
    clock, asked = Clock(NOW), Caller(Method.BEARER, ADA)
    limits, search = Limits(Stopwatch(clock)), endpoint("GET", "/2/tweets/search/recent")
    site = Site(store, clock, tokens, Session(tokens, ADA), ledger, limits)
    browser = Browser(Starlette(routes=pages.routes(site)))
    page = _main(browser.open("/api"))
    assert "Your app has called nothing yet" in page.words
    assert "as often as on X" in page.words
    limits.admit(search, asked)
    ledger.enter(search, asked, {"data": [{"id": "1"}, {"id": "2"}]}, NOW)
    ledger.enter(search, Caller(Method.BEARER, BOB), {"data": [{"id": "3"}]}, NOW)
    cost, left = _main(browser.open("/api")).all("table")
    assert [each.words for each in cost.one("tbody").all("td")] == ["1", "2", "0.010"]
    assert cost.one("caption").words == "On X, $0.010 in all"
    assert left.one("tbody").one("th").words == "GET /2/tweets/search/recent"
    assert [each.words for each in left.one("tbody").all("td")] == ["449", "450"]


@pytest.mark.parametrize("number", [OUTAGE, PICTURE])
def test_liking_and_reposting_and_taking_it_back(ada: Browser, store: Store, number: int) -> None:
    identifier = small_id(number)
    before = store.posts.counts([identifier], NOW)[identifier]
    was_liked = ADA in _likers(store, identifier)
    page = ada.open(_thread(number))
    if was_liked:
        page = ada.press(_first(page, "Take back the like"), page)
    page = ada.press(_first(page, "Like:"), page)
    assert ADA in _likers(store, identifier)
    assert ada.address.endswith(f"#post-{identifier}")
    page = ada.press(_first(page, "Repost:"), page)
    assert store.posts.counts([identifier], NOW)[identifier].reposts == before.reposts + 1
    page = ada.press(_first(page, "Take back the repost"), page)
    page = ada.press(_first(page, "Take back the like"), page)
    after = store.posts.counts([identifier], NOW)[identifier]
    assert after.reposts == before.reposts
    assert after.likes == before.likes - was_liked


def _likers(store: Store, post: int) -> set[int]:
    return {person.id for person in store.people.liking(post, Reach(0, MAX_ID, 100), NOW)}


def _first(page: Node, name: str) -> Node:
    return next(each for each in _main(page).all("button") if name in each.words)


def test_a_post_is_written_and_the_browser_sent_to_it(ada: Browser) -> None:
    page = ada.open("/")
    text = "A new day\nat the <b>court</b> & more #Court"
    page = ada.send(page.one("form", "writer"), text=text)
    assert page.one("p", "done").words == "Your post is out."
    assert _said(page) == [text]
    assert not page.one("p", "said").all("b")
    assert _said(ada.open("/"))[0] == text


def test_a_reply_and_a_quote_are_written(ada: Browser) -> None:
    page = ada.open(_thread(ANSWER))
    page = ada.send(page.one("form", "writer"), text="Thank you!")
    assert _said(page)[-1] == "@CalderJustice Thank you!"
    assert page.one("div", "above").words.count("We are mending it") == 1
    page = ada.open(f"/compose?quote={small_id(PICTURE)}")
    page = ada.send(page.one("form", "writer"), text="Look")
    assert _said(page) == ["Look", "The queue at the court today"]


def test_what_may_not_be_written_is_shown_again_with_the_reason(ada: Browser) -> None:
    long = "न्याय " * 60 + "<b>"
    page = ada.send(ada.open("/").one("form", "writer"), text=long)
    assert ada.response.status_code == 400
    writer = page.one("form", "writer")
    assert "too long: it counts 363, and 280 is the most" in writer.one("p", "error").words
    assert writer.one("textarea").text == f"\n{long}"
    assert writer.one("p", "count").words.startswith("363 of 280 characters")
    page = ada.send(writer, text="Once")
    page = ada.send(
        ada.open(f"/compose?reply_to={small_id(PICTURE)}").one("form", "writer"), text=" \n "
    )
    assert "this one has neither" in page.one("p", "error").words
    page = ada.send(ada.open("/compose").one("form", "writer"), text="Once")
    assert "duplicate content" in page.one("p", "error").words
    assert page.one("textarea").text == "\nOnce"
    assert ada.response.status_code == 403


def test_the_count_is_there_without_a_script_and_with_one(ada: Browser) -> None:
    form = ada.open("/").one("form", "writer")
    count = form.one("button", value="count")
    page = ada.send(form, count, text="Court ⚖️ https://court.example/a/long/way/to/go")
    assert page.one("p", "count").words.startswith("32 of 280")
    token = form.one("input", name="form_token").attributes["value"]
    sent = {"form_token": token, "text": "Court ⚖️\r\n"}
    assert ada.request("POST", "/count", data=sent).json() == {"weight": 9}


def test_only_ones_own_posts_have_a_delete_button(ada: Browser, store: Store) -> None:
    page = ada.open(_thread(OUTAGE))
    assert not ada.open(_thread(PICTURE)).all("button", "danger")
    page = ada.press(_button(page, "Yes, delete this post"), page)
    assert page.one("p", "done").words == "The post is deleted."
    assert "There is no such post" in ada.open(_thread(OUTAGE)).words
    assert ada.response.status_code == 404
    assert "The post that is quoted here is gone." in ada.open(_thread(QUOTE)).words


def test_a_refused_button_says_why(ada: Browser, store: Store) -> None:
    acts.perform(store, Act(NOW, BOB, "block", {"person": ADA}))
    page = ada.open(_thread(PICTURE))
    page = ada.press(_first(page, "Repost:"), page)
    assert "You have been blocked" in page.one("p", "error").words
    assert ada.response.status_code == 403


def test_a_form_that_no_page_of_ours_made_does_nothing(
    ada: Browser, stranger: Browser, store: Store
) -> None:
    form = ada.open("/").one("form", "writer")
    theirs = stranger.open("/sign-in").all("input", name="form_token")[0]
    for headers, token in (
        ({}, ""),
        ({}, theirs.attributes["value"]),
        (
            {"sec-fetch-site": "cross-site"},
            form.one("input", name="form_token").attributes["value"],
        ),
        (
            {"origin": "https://evil.example"},
            form.one("input", name="form_token").attributes["value"],
        ),
    ):
        page = ada.send(form, headers=headers, text="Not by me", form_token=token)
        assert ada.response.status_code == 403
        assert "Nothing was done" in page.one("p", "error").words
        assert page.one("textarea", id="kept").text == "\nNot by me"
    assert acts.log(store) == []


def test_who_is_not_signed_in_reads_and_is_asked_to_sign_in_to_act(stranger: Browser) -> None:
    page = stranger.open(_thread(OUTAGE))
    assert not _main(page).all("button")
    assert stranger.open("/compose").one("h1").words == "Who are you on the Square?"
    assert stranger.open("/following").one("h1").words == "Who are you on the Square?"
    token = page.all("input", name="form_token")[0].attributes["value"]
    sent = {"form_token": token, "text": "Hello"}
    response = stranger.request("POST", "/posts", data=sent)
    assert response.status_code == 401
    assert "Sign in first" in response.text
    assert read(response.text).one("textarea").text == "\nHello"


def _by_code(browser: Browser, username: str, code: str, address: str = "/sign-in") -> Node:
    """Sign in with a code."""
    form = next(
        each for each in browser.open(address).all("form") if each.all("input", name="code")
    )
    return browser.send(form, form.one("button"), username=username, code=code)


def test_signing_in_leads_back_and_out_again(stranger: Browser, store: Store) -> None:
    sign_in = stranger.open("/trending").one("div", "self").one("a").attributes["href"]
    page = _by_code(stranger, "bob", Tokens(store).sign_in_code(BOB), sign_in)
    assert page.one("h1").words == "Trending"
    assert "@Bob" in page.one("nav", "rail").words
    leave = page.one("form", "leave")
    page = stranger.send(leave, leave.one("button"))
    assert "@Bob" not in page.one("nav", "rail").words
    assert not page.all("form", "writer")


def test_a_new_account_acts_as_itself(stranger: Browser, store: Store) -> None:
    page = stranger.open("/sign-in?next=/api")
    form = next(each for each in page.all("form") if each.all("input", name="name"))
    page = stranger.send(form, form.one("button"), username="team_blue", name="<Team>")
    (made,) = store.people.named(["team_blue"])
    assert Tokens(store).sign_in_code(made.id) in page.words
    page = stranger.send(stranger.open("/compose").one("form", "writer"), text="Hello")
    assert "<Team> @team_blue" in _main(page).words


@pytest.mark.parametrize(
    "back",
    ["//evil.example/", "https://evil.example", "/\\evil.example", "javascript:1", "//[", "\t//e"],
)
def test_a_form_leads_to_pages_of_the_square_only(ada: Browser, store: Store, back: str) -> None:
    page = ada.open("/users/quiet")
    (form,) = _main(page).all("form")
    form.one("input", name="back").attributes["value"] = back
    ada.send(form)  # which goes where it is sent, if that is on the Square
    assert store.people.follows(ADA, QUIET)
    assert ada.address.startswith("/")
    assert not ada.address.startswith(("//", "/\\"))


def test_what_is_not_there_is_said_in_words_and_to_programmes_in_xs_form(ada: Browser) -> None:
    for address in ("/nowhere", "/posts/1", "/posts/99999999999999999999", "/users/nobody"):
        page = ada.open(address)
        assert ada.response.status_code == 404
        assert "There is no" in page.one("p", "error").words
    response = ada.request("GET", "/nowhere", headers={"accept": "*/*"})
    assert response.json()["title"] == "Not Found"
    assert ada.request("POST", "/nowhere").status_code == 404


@pytest.mark.parametrize(
    ("given", "own"),
    [
        ("/ada_b", "/users/ada_b"),
        (f"/ada_b/status/{small_id(OUTAGE)}", _thread(OUTAGE)),
        ("/tags/Court%C3%A9", "/search?q=%23Court%C3%A9"),
    ],
)
def test_the_addresses_that_feeds_give_out_lead_to_pages(
    ada: Browser, given: str, own: str
) -> None:
    response = ada.request("GET", given)
    assert response.headers["location"] == own
    assert ada.request("GET", own).status_code == 200


def test_the_stylesheet_is_fetched_once(ada: Browser) -> None:
    first = ada.request("GET", "/static/square.css")
    assert first.headers["content-type"] == "text/css; charset=utf-8"
    again = ada.request(
        "GET", "/static/square.css", headers={"if-none-match": first.headers["etag"]}
    )
    assert (again.status_code, again.content) == (304, b"")


_TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=80)
_SPICY = st.lists(
    st.sampled_from(
        [
            "<b>",
            "&amp;",
            "'",
            '"',
            "#tag",
            "@ada_b",
            "https://a.example/?q=<",
            " ",
            "\u202e",
            "$ABC",
        ]
    )
    | _TEXT
).map("".join)


@given(_TEXT | _SPICY)
def test_any_text_is_shown_as_it_was_given_and_makes_nothing_but_links(text: str) -> None:
    shown = read(str(marked_up(text)))
    assert shown.text == text.replace("\0", "\N{REPLACEMENT CHARACTER}")
    assert {node.tag for node in shown.all()} <= {"a"}
    assert all(set(node.attributes) == {"href"} for node in shown.all())
    assert all(
        node.attributes["href"].startswith(("/search?q=", "/users/", "/link?to="))
        for node in shown.all()
    )


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "</textarea></p><h1>Mine</h1>",
        "\u202eevil\u202c \u2067x",
        "Z\u0351\u036b\u0343\u036a\u0302\u036b\u033d\u034f\u0334\u0319algo" * 3,
        "{{ 7 * 7 }} {% if %}",
        "\n\n leading and trailing \n",
        "\ufeff\u200d\u200b.",
        "a\rb\x01\x7f\x85",
    ],
)
def test_a_text_that_is_posted_comes_back_exactly(ada: Browser, text: str) -> None:
    page = ada.send(ada.open("/compose").one("form", "writer"), text=text)
    assert _said(page) == [text]
    assert len(page.all("h1")) == 1


def test_the_body_of_an_entry_is_harmless() -> None:
    body = article(
        '<p onclick="x">One <a href="https://a.example/" onmouseover="x">two</a></p>'
        '<script>alert(1)</script><img src="https://b.example/pixel.gif"><h1>Big</h1>'
        '<a href="javascript:alert(1)">three</a><p>open'
    )
    tree = read(str(body))
    assert {node.tag for node in tree.all()} <= {"p", "a"}
    assert [node.attributes for node in tree.all("a")] == [
        {"href": "/link?to=https%3A%2F%2Fa.example%2F"},
        {},
    ]
    assert "Big" in tree.text
