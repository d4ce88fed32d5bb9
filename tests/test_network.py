"""Measures of networks: against networkx, against closed forms, and against what they are for."""

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.world.network import (
    assortativity,
    burstiness,
    linked_pairs,
    path_lengths,
    tail_exponent,
    virality,
)

_LINKS = st.sets(
    st.tuples(st.integers(0, 8), st.integers(0, 8)).filter(lambda pair: pair[0] != pair[1]),
    min_size=1,
)


@pytest.mark.parametrize("exponent", [2.1, 2.6, 3.2])
def test_the_exponent_of_a_power_law_is_found(exponent: float) -> None:
    drawn = np.random.default_rng(1).random(60_000)
    values = (5.0 * (1 - drawn) ** (-1 / (exponent - 1))).astype(np.int64)
    found, error = tail_exponent(values)
    assert abs(found - exponent) < max(0.12, 3 * error)


@given(_LINKS)
def test_linked_pairs_are_networkx_reciprocity(links: set[tuple[int, int]]) -> None:
    follower, followed = np.array(sorted(links)).T
    pairs, mutual = linked_pairs(follower, followed)
    graph = nx.DiGraph(links)
    assert pairs == graph.to_undirected().number_of_edges()
    assert 2 * mutual == pytest.approx(nx.overall_reciprocity(graph) * len(links))


@given(_LINKS)
def test_path_lengths_are_networkx_path_lengths(links: set[tuple[int, int]]) -> None:
    follower, followed = np.array(sorted(links)).T
    graph = nx.DiGraph(links)
    for source in graph:
        steps = [n for n in nx.single_source_shortest_path_length(graph, source).values() if n]
        found = path_lengths(follower, followed, np.array([source]))[0]
        assert found == pytest.approx(np.mean(steps)) if steps else np.isnan(found)


@given(st.lists(st.integers(-1, 30), min_size=1, max_size=30))
def test_virality_is_the_mean_distance_in_the_tree(choices: list[int]) -> None:
    parent = np.array([c % n if n and c >= 0 else -1 for n, c in enumerate(choices)])
    size, structure, step = virality(parent)
    forest = nx.Graph([(n, int(p)) for n, p in enumerate(parent.tolist()) if p >= 0])
    forest.add_nodes_from(range(len(parent)))
    for row in np.flatnonzero(parent < 0).tolist():
        tree = forest.subgraph(nx.node_connected_component(forest, row))
        assert size[row] == len(tree)
        for node, steps in nx.single_source_shortest_path_length(tree, row).items():
            assert step[node] == steps
        if len(tree) > 1:
            assert structure[row] == pytest.approx(nx.average_shortest_path_length(tree))
    assert (size[parent >= 0] == 0).all()


def test_a_star_has_the_virality_of_a_star() -> None:
    _, structure, _ = virality(np.array([-1, *[0] * 9]))
    assert structure[0] == pytest.approx(2 - 2 / 10)


def test_burstiness_tells_a_clock_from_chance_and_from_bursts() -> None:
    random = np.random.default_rng(2)
    clock, _ = burstiness(np.full(5_000, 60.0))
    chance, memory = burstiness(random.exponential(60, 5_000))
    bursts, _ = burstiness(random.lognormal(1, 2, 5_000))
    assert clock == -1
    assert abs(chance) < 0.03
    assert abs(memory) < 0.05
    assert bursts > 0.4
    _, memory = burstiness(np.repeat([1.0, 9.0], 500))
    assert memory > 0.9


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=4, max_size=40))
def test_assortativity_is_newmans(pairs: list[tuple[int, int]]) -> None:
    one, other = np.array(pairs).T
    if len(set(one.tolist()) | set(other.tolist())) < 2:
        return
    graph = nx.MultiDiGraph()
    for n, (a, b) in enumerate(pairs):
        graph.add_node(f"a{n}", group=a)
        graph.add_node(f"b{n}", group=b)
        graph.add_edge(f"a{n}", f"b{n}")
    expected = nx.attribute_assortativity_coefficient(graph, "group")
    if np.isfinite(expected):
        assert assortativity(one, other) == pytest.approx(expected)
