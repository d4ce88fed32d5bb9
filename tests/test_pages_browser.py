"""In a real browser: the Square's pages by keyboard, for axe, on a small screen, and alone."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain

import pytest
import tweepy
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Request, expect

from kit.desk.client import Square, open_square
from tests.browser import browsing

pytestmark = [pytest.mark.browser, pytest.mark.slow]

#: The rules of WCAG 2.2, levels A and AA, and what axe calls good practice.
RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    },
    "resultTypes": ["violations"],
}
#: 320 CSS pixels are 1280 at 400%.
SMALL = {"width": 320, "height": 256}
USUAL = {"width": 1280, "height": 1000}
NASTY = (
    "\u202eRight to left\u202c <script>alert(1)</script> "
    "Z\u0351\u036b\u0343\u036a\u0302\u036b\u033d\u034f\u0334\u0319\u0324\u031e\u0349\u035a "
    f"{'unbroken' * 12} न्याय ન્યાય #Court @CalderJustice https://justice.calderland.example/a"
)


@dataclass
class Watched:
    """A page of a browser, and what went wrong while it was open."""

    page: Page
    square: Square
    wrong: list[str] = field(default_factory=list)

    def open(self, address: str) -> Page:
        """Open a page of the Square."""
        self.page.goto(f"{self.square.url}{address}")
        return self.page


@pytest.fixture(scope="module")
def square() -> Iterator[Square]:
    with open_square(people=2000, username="team_blue") as opened:
        yield opened


@pytest.fixture(scope="module")
def addresses(square: Square) -> list[str]:
    """One address of each page, with much on it."""
    ministry = square.client.get_user(username="CalderJustice").data.id
    replies = square.client.search_recent_tweets("court is:reply -from:CalderJustice").data
    conversation = square.client.get_tweet(replies[0].id, tweet_fields=["conversation_id"]).data
    thread = f"/posts/{conversation.conversation_id}"
    quoted = square.client.create_tweet(text="Look", quote_tweet_id=replies[0].id).data["id"]
    pictured = (
        square.client.search_recent_tweets("(court OR jury OR fine) has:images -is:retweet")
        .data[0]
        .id
    )
    square.client.follow_user(ministry)
    mine = square.client.create_tweet(text=NASTY).data["id"]
    feed = next(iter(square.feeds.values())).rpartition("/")[2].removesuffix(".xml")
    return [
        *("/", "/following", "/search", "/search?q=(court+OR+jury)+-is:retweet+lang:en"),
        *("/search?q=court+(jury", "/trending", "/trending?lang=gu", "/blogs", "/podcasts"),
        *(f"/blogs/{feed}", "/api", "/about", "/compose", "/sign-in", "/nowhere"),
        *(f"/users/{name}" for name in ("CalderJustice", "CalderJustice/replies", "team_blue")),
        *(
            "/users/CalderJustice/followers",
            "/users/CalderJustice/likes",
            "/users/team_blue/following",
        ),
        *(thread, f"{thread}/likes", f"{thread}/reposts", f"{thread}/quotes"),
        *(f"/posts/{replies[0].id}", f"/posts/{quoted}", f"/posts/{pictured}", f"/posts/{mine}"),
        *(f"/compose?quote={quoted}", f"/compose?reply_to={quoted}"),
        "/link?to=https://nobody.example/",
    ]


@pytest.fixture(scope="module")
def opened(square: Square) -> Iterator[Watched]:
    with browsing() as page:
        watched = Watched(page, square)

        def see(request: Request) -> None:
            if not request.url.startswith((f"{square.url}/", "data:")):
                watched.wrong.append(f"asked elsewhere: {request.url}")

        page.on("request", see)
        page.on("pageerror", lambda error: watched.wrong.append(str(error)))
        page.on("console", lambda said: watched.wrong.append(said.text))
        yield watched


@pytest.fixture
def browser(opened: Watched) -> Iterator[Watched]:
    """The browser; at the end, nothing was asked of elsewhere, and the console is empty."""
    opened.wrong.clear()
    opened.page.set_viewport_size(USUAL)
    yield opened
    # A page that says no with 400, 403 or 404 is a page: Chromium notes it all the same.
    assert [
        each for each in opened.wrong if "the server responded with a status of 4" not in each
    ] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_any_page(browser: Watched, addresses: list[str], scheme: str) -> None:
    browser.page.emulate_media(color_scheme=scheme)
    found = {}
    for address in addresses:
        page = browser.open(address)
        page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        results = Axe().run(page, options=RULES)
        if results.violations_count:
            found[address] = results.generate_report()
    assert not found, "\n".join(chain.from_iterable(found.items()))
    browser.page.emulate_media(color_scheme="light")


def test_no_page_scrolls_sideways_on_a_telephone_or_at_400_per_cent(
    browser: Watched, addresses: list[str]
) -> None:
    browser.page.set_viewport_size(SMALL)
    for address in addresses:
        page = browser.open(address)
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= SMALL["width"], f"{address} scrolls sideways: {wide}"
        cut = page.evaluate(
            """[...document.querySelectorAll('main *')].filter(each => {
                const box = each.getBoundingClientRect();
                return box.width > 1 && !each.closest('pre') && box.right > innerWidth + 1;
            }).map(each => each.outerHTML.slice(0, 80))"""
        )
        assert cut == [], address


def test_what_is_pressed_is_24_pixels_or_more(browser: Watched, addresses: list[str]) -> None:
    browser.page.set_viewport_size({"width": 360, "height": 740})
    for address in addresses:
        small = browser.open(address).evaluate(
            """[...document.querySelectorAll('button, summary, .act, nav a, label, textarea')]
            .map(each => [each.outerHTML.slice(0, 60), each.getBoundingClientRect()])
            .filter(([_, box]) => box.width && Math.min(box.width, box.height) < 24)"""
        )
        assert small == [], address


def _tab_to(page: Page, name: str, most: int = 60) -> None:
    """Press Tab until what has the focus is called so."""
    for _ in range(most):
        page.keyboard.press("Tab")
        shown = page.evaluate(
            """() => { const at = document.activeElement;
            const outline = getComputedStyle(at);
            return [at.labels?.[0]?.innerText ?? at.innerText ?? '', at.matches(':focus-visible')
                && outline.outlineStyle !== 'none' && parseFloat(outline.outlineWidth) >= 2]; }"""
        )
        assert shown[1], f"the focus cannot be seen on {shown[0]!r}"
        if name in " ".join(shown[0].split()):
            return
    pytest.fail(f"Tab never came to {name!r}")


def test_all_is_done_by_keyboard(browser: Watched) -> None:
    page = browser.open("/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    _tab_to(page, "What do you want to say?", 1)
    page.keyboard.type("By keyboard alone #Keys")
    expect(page.locator("[data-count]")).to_have_text("23")
    _tab_to(page, "Post", 2)
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").filter(has_text="Your post is out.")).to_be_visible()
    expect(page.locator("article.chosen .said")).to_have_text("By keyboard alone #Keys")
    _tab_to(page, "Like: 0 likes")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Take back the like: 1 like")).to_be_visible()
    _tab_to(page, "Your reply to @team_blue")
    page.keyboard.type("And an answer")
    _tab_to(page, "Reply", 2)
    page.keyboard.press("Space")
    expect(page.locator("article.chosen .said")).to_have_text("And an answer")
    expect(page.locator(".above .said")).to_have_text("By keyboard alone #Keys")
    _tab_to(page, "Search the Square")
    page.keyboard.type("#Keys")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="What this asks for")).to_be_visible()
    expect(page.locator(".asks")).to_have_text(re.compile("has the hashtag #keys"))
    expect(page.locator("main article")).to_have_count(1)


def test_tab_goes_through_a_page_and_out_of_it(browser: Watched) -> None:
    page = browser.open("/trending")
    stops = page.evaluate(
        "[...document.querySelectorAll('a, button, input:not([type=hidden]), textarea, summary')]"
        ".filter(each => each.getBoundingClientRect().width).length"
    )
    seen: list[str] = []
    for _ in range(stops):
        page.keyboard.press("Tab")
        seen.append(page.evaluate("document.activeElement.outerHTML"))
    assert seen[0].startswith('<a class="skip"')
    assert len(set(seen)) == stops, "Tab came back before it had been everywhere"


def test_a_reader_hears_landmarks_and_buttons_that_say_what_they_do(browser: Watched) -> None:
    page = browser.open("/")
    for role in ("banner", "main", "complementary", "contentinfo", "search"):
        expect(page.get_by_role(role)).to_have_count(1)
    expect(page.get_by_role("navigation", name="Main")).to_be_visible()
    first = page.get_by_role("article").first
    expect(first.get_by_role("button", name=re.compile(r"^Like: \d+ likes?$"))).to_be_visible()
    expect(first.get_by_role("link", name=re.compile(r"^Reply: \d+ repl(y|ies)$"))).to_be_visible()
    expect(page.get_by_role("link", name="Latest", exact=True)).to_have_attribute(
        "aria-current", "page"
    )


def test_the_pages_do_the_same_without_scripts(square: Square, browser: Watched) -> None:
    context = browser.page.context.browser
    assert context is not None
    page = context.new_page(java_script_enabled=False)
    page.goto(square.url)
    page.get_by_label("What do you want to say?").fill("Without a script ⚖️")
    page.get_by_role("button", name="Count").click()
    expect(page.locator("#count")).to_have_text(re.compile("^19 of 280"))
    page.get_by_role("button", name="Post", exact=True).click()
    expect(page.locator("article.chosen .said")).to_have_text("Without a script ⚖️")
    page.context.close()


def test_a_text_that_is_too_long_stays_and_the_reason_is_read_out(browser: Watched) -> None:
    page = browser.open("/compose")
    expect(page.get_by_label("What do you want to say?")).to_be_focused()
    page.keyboard.type("long " * 60)
    expect(page.locator("[data-warning]")).to_have_text("20 characters too many")
    page.get_by_role("button", name="Post", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("it counts 300, and 280 is the most")
    box = page.get_by_label("What do you want to say?")
    expect(box).to_have_value("long " * 60)
    expect(box).to_be_focused()
    expect(box).to_have_attribute("aria-invalid", "true")


def test_nasty_text_is_shown_as_it_is_and_stays_in_its_place(
    browser: Watched, addresses: list[str]
) -> None:
    page = browser.open("/users/team_blue")
    said = page.locator(".said").filter(has_text="Right to left")
    assert said.evaluate("each => each.textContent") == NASTY
    outside = said.evaluate(
        "each => each.closest('article').scrollWidth - each.closest('article').clientWidth"
    )
    assert outside <= 0


def test_colours_motion_and_paper(browser: Watched) -> None:
    page = browser.open("/")
    background = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(background)
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(background) != light
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    moving = "getComputedStyle(document.querySelector('.button')).transitionDuration"
    assert page.evaluate(moving) == "0s"
    page.emulate_media(reduced_motion="no-preference", forced_colors="active")
    expect(page.get_by_role("button", name="Post", exact=True)).to_be_visible()
    page.emulate_media(forced_colors="none", media="print")
    expect(page.get_by_role("navigation", name="Main")).to_be_hidden()
    expect(page.locator("main article").first).to_be_visible()
    expect(page.get_by_text("Everyone and everything here is invented.")).to_be_visible()
    page.emulate_media(media="screen")


def test_the_code_of_the_api_page_runs(
    browser: Watched, capsys: pytest.CaptureFixture[str]
) -> None:
    code = browser.open("/api").locator("#tweepy code").inner_text()
    done: dict[str, object] = {}
    exec(compile(code, "api page", "exec"), done)
    assert isinstance(done["client"], tweepy.Client)
    assert len(capsys.readouterr().out.splitlines()) >= 10
    assert done["client"].get_me().data.username == "team_blue"
