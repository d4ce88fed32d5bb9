"""The Square: an invented social network that serves a world over real HTTP."""
