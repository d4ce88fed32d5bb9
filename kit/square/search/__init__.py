"""X's query language: from a text to a tree, and from the tree to SQL or to plain words."""
