"""Which terms of a query may stand where: not alone, not negated, once, for the whole of it."""

from kit.square.search.operators import Mistake, needs_company
from kit.square.search.tree import And, Leaf, Node, Not, Operator, Or, leaves


def stands_alone(node: Node) -> bool:
    """Whether a node may be searched by: it asks for something specific, in every branch."""
    match node:
        case Operator(name):
            return not needs_company(name)
        case And(terms):
            return any(map(stands_alone, terms))
        case Or(terms):
            return all(map(stands_alone, terms))
        case Not():
            return False
        case _:
            return True


def check_company(tree: Node) -> None:
    """Check where the terms of a tree stand.

    Raises:
        Mistake: one stands where it may not.
    """
    _check_signs(tree, negated=False)
    _check_branches(tree)
    _check_sample(tree)
    _check_once(tree, "list", "one `list:` operator is allowed in a query")


def _check_signs(node: Node, *, negated: bool) -> None:
    match node:
        case Not(term):
            _check_signs(term, negated=not negated)
        case And(terms) | Or(terms):
            for each in terms:
                _check_signs(each, negated=negated)
        case Operator("is", "nullcast") if not negated:
            raise Mistake("is:nullcast must be negated: write -is:nullcast", node.span[0])


def _check_branches(tree: Node) -> None:
    """Every branch needs a term that is specific and not negated."""
    if stands_alone(tree):
        return
    if isinstance(tree, Or):
        for branch in tree.terms:
            _check_branches(branch)
    terms = tree.terms if isinstance(tree, And) else (tree,)
    for term in terms:
        if isinstance(term, Operator):
            names = "is/has/lang" if term.name in ("is", "has", "lang") else term.name
            raise Mistake(f"{names} cannot be used as a standalone operator", term.span[0])
        if isinstance(term, Or):
            _check_branches(term)
    raise Mistake(
        "a negated term cannot stand alone: add a word, a #hashtag or an operator such as from: "
        "to what is searched",
        next(leaves(tree)).span[0],
    )


def _check_sample(tree: Node) -> None:
    """A sample is taken of the whole stream, before anything else is asked."""
    _check_once(tree, "sample", "one `sample:` operator is allowed in a rule")
    whole = tree.terms if isinstance(tree, And) else (tree,)
    for leaf in leaves(tree):
        if _is(leaf, "sample") and not any(leaf is term for term in whole):
            raise Mistake(
                "sample: applies to the whole rule: it cannot be negated, and terms joined by OR "
                "have to be grouped with parentheses before it",
                leaf.span[0],
            )


def _check_once(tree: Node, name: str, rule: str) -> None:
    found = [leaf for leaf in leaves(tree) if _is(leaf, name)]
    if len(found) > 1:
        raise Mistake(f"only {rule}", found[1].span[0])


def _is(leaf: Leaf, name: str) -> bool:
    return isinstance(leaf, Operator) and leaf.name == name
