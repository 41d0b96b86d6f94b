"""A blank node keeps its name while what is said of it stays, whatever else changes."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from cica_kg import DataError
from cica_kg.blank_nodes import name_blank_nodes

NODES = [BlankNode(f"n{number}") for number in range(4)]
IRIS = [NamedNode(f"https://example.org/{name}") for name in "ab"]
PROPERTIES = [NamedNode(f"https://example.org/p{number}") for number in range(2)]
GRAPHS = st.sets(
    st.builds(
        Triple,
        st.sampled_from(NODES + IRIS),
        st.sampled_from(PROPERTIES),
        st.sampled_from([*NODES, *IRIS, Literal("x")]),
    ),
    max_size=8,
)


def renamed(found: set[Triple], names: dict[BlankNode, BlankNode]) -> set[Triple]:
    return {Triple(names.get(s, s), p, names.get(o, o)) for s, p, o in found}  # type: ignore[call-overload]


def named(found: set[Triple]) -> set[Triple]:
    try:
        return name_blank_nodes(found)
    except DataError:
        assume(False)
        raise


@given(GRAPHS, st.permutations(range(4)))
def test_what_the_nodes_were_called_does_not_matter(found: set[Triple], order: list[int]) -> None:
    names = dict(zip(NODES, (BlankNode(f"other{number}") for number in order), strict=True))
    assert named(renamed(found, names)) == named(found)


@given(GRAPHS)
def test_only_names_of_blank_nodes_change(found: set[Triple]) -> None:
    result = named(found)
    assert len(result) == len(found)
    assert named(result) == result
    assert any(
        renamed(found, dict(zip(NODES, names, strict=True))) == result
        for names in itertools.permutations([*_nodes(result), *NODES], 4)
    )


def _nodes(found: set[Triple]) -> list[BlankNode]:
    return list({node for triple in found for node in triple if isinstance(node, BlankNode)})


def test_a_node_keeps_its_name_when_others_come_and_go() -> None:
    kept = {Triple(NODES[0], PROPERTIES[0], Literal("kept"))}
    more = kept | {Triple(NODES[1], PROPERTIES[0], Literal("a")), Triple(NODES[2], PROPERTIES[1], NODES[3])}
    assert name_blank_nodes(kept) < name_blank_nodes(more)


def test_equal_nodes_stay_two() -> None:
    twins = {Triple(node, PROPERTIES[0], Literal("x")) for node in NODES[:2]}
    assert len(name_blank_nodes(twins)) == 2


def test_nodes_in_terms_of_rdf_1_2_are_named_too() -> None:
    def graph(node: BlankNode) -> set[Triple]:
        return {Triple(IRIS[0], PROPERTIES[0], Triple(node, PROPERTIES[1], Literal("x")))}

    assert name_blank_nodes(graph(NODES[0])) == name_blank_nodes(graph(NODES[1]))


@pytest.mark.parametrize(
    "pairs",
    [
        [(a, b) for a in range(12) for b in range(12) if a != b],
        [(number, number + 1) for number in range(5000)],
    ],
    ids=["each to each", "a long chain"],
)
def test_nodes_too_alike_are_refused_instead_of_taking_hours(pairs: list[tuple[int, int]]) -> None:
    found = {Triple(BlankNode(f"n{a}"), PROPERTIES[0], BlankNode(f"n{b}")) for a, b in pairs}
    with pytest.raises(DataError, match="give them IRIs"):
        name_blank_nodes(found)


def test_a_long_list_of_different_values_is_no_trouble() -> None:
    cells = [BlankNode(f"cell{number}") for number in range(3000)]
    found = {Triple(cell, PROPERTIES[0], Literal(str(number))) for number, cell in enumerate(cells)}
    found |= {Triple(cell, PROPERTIES[1], after) for cell, after in itertools.pairwise(cells)}
    assert len(name_blank_nodes(found)) == len(found)
