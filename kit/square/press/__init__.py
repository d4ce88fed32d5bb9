"""Feeds as they go over the wire: well made in every format, and badly made."""
