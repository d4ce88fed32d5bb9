"""Pages that the kit writes: one HTML file each, which needs no network."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

#: Colours that people with any colour vision tell apart (Okabe and Ito 2008).
PALETTE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing as HTML, with the sentence that says the same."""

    html: str
    words: str


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: its caption, its heads, and its rows; the first column names the row."""

    caption: str
    head: Sequence[str]
    rows: Sequence[Sequence[object]]
    language: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a page: a heading, a few sentences, drawings and tables."""

    name: str
    title: str
    text: str
    charts: Sequence[Chart] = field(default_factory=tuple)
    grids: Sequence[Grid] = field(default_factory=tuple)


def chart(figure: Any, words: str, height: int = 420) -> Chart:
    """A Plotly figure as a still drawing; a table beside it should hold its numbers.

    Args:
        figure: the Plotly figure.
        words: what it shows, for those who cannot see it.
        height: in pixels.
    """
    from markupsafe import Markup

    figure.update_layout(
        template="none",
        height=height,
        margin={"l": 80, "r": 30, "t": 20, "b": 60, **figure.layout.margin.to_plotly_json()},
        font={"size": 15},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
    )
    html = figure.to_html(
        full_html=False, include_plotlyjs=False, config={"staticPlot": True, "responsive": True}
    )
    return Chart(Markup(html), words)


@cache
def _environment() -> Any:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("kit", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def render(template: str, **values: object) -> str:
    """A page from a template in the kit's folder, such as ``world/look.html.jinja``."""
    from plotly.offline import get_plotlyjs

    page = _environment().get_template(template)
    return str(page.render(plotly=get_plotlyjs(), **values))


def parts(title: str, summary: str, content: Sequence[Part]) -> str:
    """A page of parts, one after another."""
    return render("parts.html.jinja", title=title, summary=summary, content=content)
