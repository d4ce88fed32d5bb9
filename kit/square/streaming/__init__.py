"""Streams: posts as they come, and which rules of which listener each one meets."""
