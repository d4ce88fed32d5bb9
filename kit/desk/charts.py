"""Plotly charts that everyone can read: named axes, safe colours, words beside the picture."""

import pandas as pd
import plotly.express as px
import plotly.graph_objects as go

from kit.page import PALETTE


def bars(data: pd.DataFrame, x: str, y: str, title: str, alt: str) -> go.Figure:
    """A bar chart.

    Args:
        data: one row for each bar.
        x: the column that names the bars; its name is the axis's.
        y: the column of their lengths; its name is the axis's, so give the unit in it.
        title: what the chart shows, best as a sentence.
        alt: the same in words, for those who cannot see it; kept in ``layout.meta["alt"]``.

    Raises:
        ValueError: the title or the words are missing.
    """
    for what, text in (("title", title), ("alt", alt)):
        if not text.strip():
            raise ValueError(f"The {what} is empty. Say in a sentence what the chart shows.")
    figure = px.bar(data, x=x, y=y, title=title, color_discrete_sequence=list(PALETTE))
    figure.update_layout(
        meta={"alt": alt},
        template="plotly_white",
        font={"size": 15},
        margin={"l": 60, "r": 20, "t": 60, "b": 60},
    )
    return figure
