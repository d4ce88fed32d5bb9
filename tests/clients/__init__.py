"""Programs for X as people write them: none knows of the Square.

Each takes the name of what it does (``read``) and prints what X answered, as JSON, in one
shape: ``user`` is an id and a username, ``search`` and ``timeline`` are lists of an id and a text.
"""
