"""Programs for X as people write them: none knows of the Square.

Each takes the name of what it does and prints what X answered, as JSON. ``read`` gives ``user``,
an id and a username, and ``search`` and ``timeline``, lists of an id and a text. ``write TEXT``
posts and likes its own post, and gives ``posted``, an id and a text, and ``liked``, a truth.
"""
