"""A browser without a screen for the Square's pages: it keeps cookies, and sends forms as read."""

import asyncio
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import httpx
from starlette.types import ASGIApp

HERE = "http://127.0.0.1"


@dataclass
class Node:
    """An element of a page; children are elements and texts."""

    tag: str
    attributes: dict[str, str] = field(default_factory=dict)
    children: list["Node | str"] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All text in it, exactly."""
        return "".join(each if isinstance(each, str) else each.text for each in self.children)

    @property
    def words(self) -> str:
        """Its text as a reader takes it in, each stretch of space as one."""
        return " ".join(self.text.split())

    def all(self, tag: str = "", css: str = "", **attributes: str) -> list["Node"]:
        """The elements in it with a tag, a class and attributes, in the order of the page."""
        found = []
        for child in self.children:
            if isinstance(child, str):
                continue
            if (
                tag in ("", child.tag)
                and (not css or css in child.attributes.get("class", "").split())
                and attributes.items() <= child.attributes.items()
            ):
                found.append(child)
            found += child.all(tag, css, **attributes)
        return found

    def one(self, tag: str = "", css: str = "", **attributes: str) -> "Node":
        """The one such element there is."""
        (found,) = self.all(tag, css, **attributes)
        return found


_VOID = {"meta", "link", "input", "img", "br", "hr"}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = Node("")
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, {name: value or "" for name, value in attrs})
        self._open[-1].children.append(node)
        if tag not in _VOID:
            self._open.append(node)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open[-1].tag == tag, f"</{tag}> closes <{self._open[-1].tag}>"
        self._open.pop()

    def handle_data(self, data: str) -> None:
        self._open[-1].children.append(data)


def read(html: str) -> Node:
    """The tree of a page, whose tags have to be in order."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader.root


class Browser:
    """Opens pages of a site in this process, as somebody on this machine or from elsewhere."""

    def __init__(self, app: ASGIApp, client: str = "127.0.0.1") -> None:
        self._transport = httpx.ASGITransport(app, client=(client, 1))
        self._cookies = httpx.Cookies()
        self.address = "/"
        self.response = httpx.Response(200)

    def request(self, method: str, address: str, **more: object) -> httpx.Response:
        """Ask once, and follow nothing."""

        async def ask() -> httpx.Response:
            async with httpx.AsyncClient(
                transport=self._transport, base_url=HERE, cookies=self._cookies
            ) as client:
                return await client.request(method, address, **more)  # type: ignore[arg-type]

        response = asyncio.run(ask())
        self._cookies.update(response.cookies)
        return response

    def open(self, address: str, headers: dict[str, str] | None = None) -> Node:
        """Open a page, and go where it sends the browser."""
        sent = {"accept": "text/html", **(headers or {})}
        return self._follow(self.request("GET", address, headers=sent), address)

    def send(
        self,
        form: Node,
        button: Node | None = None,
        headers: dict[str, str] | None = None,
        **typed: str,
    ) -> Node:
        """Send a form of the open page as a browser does, with what was typed into it."""
        fields = {
            each.attributes["name"]: each.attributes.get("value", "")
            for each in form.all("input")
            if "name" in each.attributes
        }
        fields |= {each.attributes["name"]: each.text[1:] for each in form.all("textarea")}
        address = form.attributes["action"]
        if button is not None:
            address = button.attributes.get("formaction", address)
            if "name" in button.attributes:
                fields[button.attributes["name"]] = button.attributes["value"]
        sent = fields | {name: text.replace("\n", "\r\n") for name, text in typed.items()}
        return self._follow(self.request("POST", address, data=sent, headers=headers), address)

    def press(self, button: Node, on: Node) -> Node:
        """Press a button in the form that it is in."""
        (form,) = [each for each in on.all("form") if button in each.all("button")]
        return self.send(form, button)

    def _follow(self, response: httpx.Response, address: str) -> Node:
        self.address, self.response = address, response
        if response.status_code == 303:
            target = urljoin(HERE + address, response.headers["location"])
            assert urlsplit(target).netloc == "127.0.0.1", f"sent away to {target}"
            return self.open(target.removeprefix(HERE))
        return read(response.text)
