"""Promise 2 on generated graphs: every removal is proven, nothing more could go, order is nothing."""

import random
from dataclasses import dataclass

from hypothesis import find, given
from hypothesis import strategies as st

from tests.test_verdicts import DOCUMENTS, LONG, SETTINGS, document, node, text
from transforms.decisions import (
    AlikeDocument,
    Decided,
    Edge,
    Graph,
    Node,
    could_go_alone,
    is_body,
)
from transforms.settings import DecideSettings
from transforms.verdicts import decide


@dataclass
class Generated:
    graph: Graph
    allowed: dict[tuple[int, int], bool]


@st.composite
def graphs(draw: st.DrawFn) -> Generated:
    """Corpora of a few documents with random copies and edges."""
    count = draw(st.integers(1, 6))
    nodes = []
    for key in range(draw(st.integers(1, 14))):
        number = draw(st.integers(0, 5))
        nodes.append(
            node(
                key,
                draw(st.integers(0, count - 1)),
                copies=number // 2,
                variant=text(number),
                words=draw(st.sampled_from([3, LONG])),
                kind=draw(st.sampled_from(["paragraph", "paragraph", "heading"])),
            )
        )
    documents = {}
    for of in range(count):
        own = [each for each in nodes if each.document == of]
        # Some documents hold nothing but their nodes, and so can go whole.
        more = draw(st.sampled_from([0, 0, 1, 10]))
        documents[of] = document(
            draw(st.integers(0, 2)) * 10 + of,
            words=sum(each.words for each in own if is_body(each.kind)) + more * LONG,
            standing=sum(could_go_alone(each.kind, each.words, SETTINGS) for each in own) + more,
        )
    near: dict[bytes, list[Edge[bytes]]] = {}
    variant = st.integers(0, 5)
    allowed = draw(st.dictionaries(st.tuples(variant, variant), st.booleans(), max_size=12))
    for (one, other), permitted in allowed.items():
        if one // 2 != other // 2:
            jaccard = draw(st.sampled_from([0.8, 0.9]))
            near.setdefault(text(one), []).append(Edge(text(other), jaccard, jaccard, permitted))
    alike = {
        each.copies: [
            AlikeDocument(documents[to].copies, draw(st.sampled_from([0.4, 0.6, 0.8])))
            for to in sorted(draw(st.sets(st.integers(0, count - 1), max_size=2)) - {of})
        ]
        for of, each in documents.items()
    }
    return Generated(Graph(documents, nodes, near, {}, alike), allowed)


def _permitted(case: Generated, one: Node, other: Node) -> bool:
    return one.copies == other.copies or case.allowed.get((one.variant[0], other.variant[0]), False)


def _place(case: Generated, one: Node) -> tuple[object, int]:
    return case.graph.documents[one.document].rank, one.place


@given(graphs())
def test_every_removed_paragraph_has_a_permitted_edge_to_a_kept_one_of_better_rank(
    case: Generated,
) -> None:
    decisions, dropped, _ = decide(case.graph, DecideSettings(), DOCUMENTS, "drop", "drop")
    by_key = {each.key: each for each in case.graph.nodes}
    removed = {each.key for each in decisions}
    whole = {each.document for each in dropped}
    for each in decisions:
        one, other = by_key[each.key], by_key[each.kept]
        assert other.key not in removed
        assert other.document not in whole
        assert _permitted(case, one, other)
        assert _place(case, other) < _place(case, one)


def test_the_generated_graphs_have_documents_that_go_whole() -> None:
    find(graphs(), lambda case: bool(decide(case.graph, SETTINGS, DOCUMENTS, "drop", "drop")[1]))


@given(graphs())
def test_no_kept_paragraph_has_a_permitted_edge_to_a_kept_one_of_better_rank(
    case: Generated,
) -> None:
    decisions, dropped, _ = decide(case.graph, DecideSettings(), DOCUMENTS, "drop", "drop")
    removed = {each.key for each in decisions}
    whole = {each.document for each in dropped}
    kept = [
        each for each in case.graph.nodes if each.key not in removed and each.document not in whole
    ]
    for one in kept:
        if one.words == LONG and one.kind == "paragraph":
            for other in kept:
                assert not (
                    _place(case, other) < _place(case, one) and _permitted(case, one, other)
                ), (one, other)


@given(graphs(), st.integers(0, 1000))
def test_the_order_of_nodes_and_edges_decides_nothing(case: Generated, seed: int) -> None:
    order = random.Random(seed)
    nodes = order.sample(case.graph.nodes, len(case.graph.nodes))
    items = order.sample(list(case.graph.near.items()), len(case.graph.near))
    near = {variant: order.sample(edges, len(edges)) for variant, edges in items}
    documents = dict(order.sample(list(case.graph.documents.items()), len(case.graph.documents)))
    shuffled = Graph(documents, nodes, near, {}, case.graph.alike)

    def decided(graph: Graph) -> Decided:
        return decide(graph, DecideSettings(), DOCUMENTS, "drop", "drop")

    assert decided(shuffled) == decided(case.graph)


@given(graphs())
def test_exact_copies_collapse_first(case: Generated) -> None:
    decisions, dropped, _ = decide(case.graph, DecideSettings(), DOCUMENTS, "drop", "drop")
    removed = {each.key for each in decisions}
    whole = {each.document for each in dropped}
    by_key = {each.key: each for each in case.graph.nodes}
    for each in decisions:
        one = by_key[each.key]
        copies = [
            other
            for other in case.graph.nodes
            if other.copies == one.copies
            and other.key not in removed
            and other.document not in whole
            and _place(case, other) < _place(case, one)
        ]
        # One that goes with its document is proven by others only.
        if one.document in whole:
            copies = [other for other in copies if other.document != one.document]
        if copies:
            first = min(copies, key=lambda other: _place(case, other))
            assert (each.tier, each.kept) == ("duplicate", first.key)


@given(graphs())
def test_a_near_copy_stays_beside_a_survivor_of_better_rank(case: Generated) -> None:
    _, dropped, listed = decide(case.graph, DecideSettings(), DOCUMENTS, "drop", "drop")
    whole = {each.document for each in dropped}
    ranks = {number: each.rank for number, each in case.graph.documents.items()}
    for each in listed:
        assert not {each.document, each.survivor} & whole
        assert ranks[each.survivor] < ranks[each.document]
        assert DOCUMENTS.mark_share <= each.share <= 1.0
