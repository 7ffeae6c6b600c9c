"""Deciding: no removal without a kept paragraph, no chain, no dependence on order."""

import random
from dataclasses import dataclass

import pytest
from hypothesis import find, given
from hypothesis import strategies as st

from transforms.settings import DecideSettings
from transforms.verdicts import (
    Decision,
    Document,
    Edge,
    Graph,
    Node,
    could_go_alone,
    decide,
    is_body,
)

LONG = 20
SETTINGS = DecideSettings()


def document(
    place: int, words: int = 1000, site: str | None = None, standing: int = 100
) -> Document:
    return Document(rank=(place, 0, 0, f"d{place}"), site=site, words=words, standing=standing)


def node(key: int, of: int, **fields: object) -> Node:
    values = {
        "key": key,
        "document": of,
        "place": key,
        "words": LONG,
        "kind": "paragraph",
        "copies": key,
        "variant": text(key),
        **fields,
    }
    return Node(**values)  # type: ignore[arg-type]


def text(number: int) -> bytes:
    """A text of its own, as its digest."""
    return bytes([number])


def both(*pairs: tuple[int, int, float], permitted: bool = True) -> dict[bytes, list[Edge[bytes]]]:
    edges: dict[bytes, list[Edge[bytes]]] = {}
    for one, other, jaccard in pairs:
        edges.setdefault(text(one), []).append(Edge(text(other), jaccard, jaccard, permitted))
        edges.setdefault(text(other), []).append(Edge(text(one), jaccard, jaccard, permitted))
    return edges


def gone(graph: Graph, settings: DecideSettings | None = None) -> list[tuple[int, int]]:
    decisions, _ = decide(graph, settings or DecideSettings(), "drop", "drop")
    return [(each.key, each.kept) for each in decisions if each.action == "drop"]


def test_a_chain_removes_only_what_was_compared_with_a_kept_paragraph() -> None:
    # 1 is like 2 and 2 like 3, but 3 is not like 1: 3 stays when 2 goes.
    graph = Graph(
        {n: document(n) for n in (1, 2, 3)},
        [node(1, 1), node(2, 2), node(3, 3)],
        both((1, 2, 0.9), (2, 3, 0.9)),
        {},
    )
    assert gone(graph) == [(2, 1)]


def test_the_closest_kept_paragraph_is_named() -> None:
    graph = Graph(
        {n: document(n) for n in (1, 2, 3)},
        [node(1, 1), node(2, 2), node(3, 3)],
        both((1, 3, 0.8), (2, 3, 0.9)),
        {},
    )
    assert gone(graph) == [(3, 2)]


def test_a_vetoed_edge_removes_nothing() -> None:
    graph = Graph(
        {1: document(1), 2: document(2)},
        [node(1, 1), node(2, 2)],
        both((1, 2, 0.99), permitted=False),
        {},
    )
    assert gone(graph) == []


@pytest.mark.parametrize(
    "fields", [{"words": 7}, {"kind": "heading"}, {"kind": "list-item"}, {"kind": "table"}]
)
def test_short_paragraphs_headings_and_list_items_stay_where_their_document_stays(
    fields: dict[str, object],
) -> None:
    graph = Graph(
        {1: document(1), 2: document(2)},
        [node(1, 1, **fields), node(2, 2, copies=1, **fields)],
        {},
        {},
    )
    assert gone(graph) == []


def test_copies_of_the_title_go_inside_their_document_only() -> None:
    title = {"kind": "title", "words": 4, "copies": 1}
    graph = Graph(
        {1: document(1), 2: document(2)},
        [
            node(1, 1, **title),
            node(2, 1, **title),
            node(3, 1, **{**title, "kind": "heading"}),
            node(4, 2, **title),
        ],
        {},
        {},
    )
    assert gone(graph) == [(2, 1), (3, 1)]


def test_a_document_goes_whole_when_nearly_all_of_it_stands_elsewhere() -> None:
    graph = Graph(
        {1: document(1, words=100), 2: document(2, words=100, standing=1)},
        [
            node(1, 1, words=90),
            node(2, 1, words=5, kind="list-item"),
            node(3, 2, words=90, copies=1),
            node(4, 2, words=5, kind="list-item", copies=2),
        ],
        {},
        {},
    )
    decisions, dropped = decide(graph, DecideSettings(), "drop", "drop")
    assert [(each.key, each.kept) for each in decisions] == [(3, 1), (4, 2)]
    assert [(each.document, each.survivor, each.share) for each in dropped] == [(2, 1, 0.95)]


def test_a_copy_under_another_headline_goes_whole() -> None:
    graph = Graph(
        {1: document(1, words=90), 2: document(2, words=90, standing=1)},
        [
            node(1, 1, words=90),
            node(2, 2, words=9, kind="title"),
            node(3, 2, words=90, copies=1),
        ],
        {},
        {},
    )
    _, dropped = decide(graph, DecideSettings(), "drop", "drop")
    assert [(each.document, each.share) for each in dropped] == [(2, 1.0)]


def test_a_copy_that_adds_a_paragraph_stays_however_short_its_share() -> None:
    graph = Graph(
        {1: document(1, words=990), 2: document(2, words=1000, standing=2)},
        [node(1, 1, words=990), node(2, 2, words=990, copies=1)],
        {},
        {},
    )
    decisions, dropped = decide(graph, DecideSettings(), "drop", "drop")
    assert dropped == []
    assert [each.key for each in decisions] == [2]


def test_the_title_of_another_document_does_not_stand_for_copies_of_ones_own() -> None:
    title = {"kind": "title", "words": 4, "copies": 1}
    nodes = [node(1, 1, **title), node(2, 2, **title), node(3, 2, **title)]
    graph = Graph({1: document(1), 2: document(2)}, nodes, {}, {})
    assert gone(graph) == [(3, 2)]


def test_what_is_only_reported_as_near_may_still_go_as_a_restatement() -> None:
    graph = Graph(
        {1: document(1)},
        [node(1, 1), node(2, 1)],
        both((1, 2, 0.9)),
        {2: [Edge(1, 0.5, 0.8, True)]},
    )
    decisions, _ = decide(graph, DecideSettings(), "report", "drop")
    assert [(each.tier, each.action) for each in decisions] == [("restatement", "drop")]


@pytest.mark.parametrize("kind", ["quote", "caption", "code", "heading"])
def test_quotations_and_captions_never_go_as_restatements(kind: str) -> None:
    graph = Graph(
        {1: document(1)},
        [node(1, 1), node(2, 1, kind=kind)],
        {},
        {2: [Edge(1, 0.9, 0.9, True)]},
    )
    assert gone(graph) == []


def test_a_document_that_went_whole_is_no_proof_for_another() -> None:
    # 3 is like 2 alone, and 2 went with its document: 3 stays.
    graph = Graph(
        {n: document(n, words=20, standing=1) for n in (1, 2, 3)},
        [node(1, 1), node(2, 2, copies=1), node(3, 3)],
        both((2, 3, 0.9)),
        {},
    )
    assert gone(graph) == [(2, 1)]


def test_scope_site_compares_inside_a_site_only() -> None:
    sites = {1: document(1, site="a"), 2: document(2, site="b"), 3: document(3, site="a")}
    nodes = [node(1, 1), node(2, 2, copies=1), node(3, 3, copies=1)]
    assert gone(Graph(sites, nodes, {}, {}), DecideSettings(scope="site")) == [(3, 1)]
    assert gone(Graph(sites, nodes, {}, {}), DecideSettings(scope="document")) == []


def test_a_restatement_goes_where_permitted_and_is_marked_where_not() -> None:
    graph = Graph(
        {1: document(1)},
        [node(1, 1), node(2, 1), node(3, 1)],
        {},
        {2: [Edge(1, 0.5, 0.8, True)], 3: [Edge(1, 0.5, 0.8, False)]},
    )
    decisions, _ = decide(graph, DecideSettings(), "drop", "drop")
    assert [(each.key, each.tier, each.action) for each in decisions] == [
        (2, "restatement", "drop"),
        (3, "restatement", "mark"),
    ]


@pytest.mark.parametrize("kind", ["title", "heading", "list-item"])
def test_a_paragraph_never_restates_a_heading(kind: str) -> None:
    graph = Graph(
        {1: document(1)},
        [node(1, 1, kind=kind), node(2, 1)],
        {},
        {2: [Edge(1, 0.9, 0.9, True)]},
    )
    assert gone(graph) == []


def test_what_is_marked_stays_and_can_stand_for_others() -> None:
    graph = Graph(
        {n: document(n) for n in (1, 2, 3)},
        [node(1, 1), node(2, 2), node(3, 3, copies=2, variant=text(2))],
        both((1, 2, 0.9)),
        {},
    )
    decisions, _ = decide(graph, DecideSettings(), "mark", "mark")
    assert [(each.key, each.tier, each.action, each.kept) for each in decisions] == [
        (2, "near-duplicate", "mark", 1),
        (3, "duplicate", "drop", 2),
    ]


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
    return Generated(Graph(documents, nodes, near, {}), allowed)


def _permitted(case: Generated, one: Node, other: Node) -> bool:
    return one.copies == other.copies or case.allowed.get((one.variant[0], other.variant[0]), False)


def _place(case: Generated, one: Node) -> tuple[object, int]:
    return case.graph.documents[one.document].rank, one.place


@given(graphs())
def test_every_removed_paragraph_has_a_permitted_edge_to_a_kept_one_of_better_rank(
    case: Generated,
) -> None:
    decisions, dropped = decide(case.graph, DecideSettings(), "drop", "drop")
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
    find(graphs(), lambda case: bool(decide(case.graph, SETTINGS, "drop", "drop")[1]))


@given(graphs())
def test_no_kept_paragraph_has_a_permitted_edge_to_a_kept_one_of_better_rank(
    case: Generated,
) -> None:
    decisions, dropped = decide(case.graph, DecideSettings(), "drop", "drop")
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
    shuffled = Graph(documents, nodes, near, {})

    def decided(graph: Graph) -> list[Decision]:
        return decide(graph, DecideSettings(), "drop", "drop")[0]

    assert decided(shuffled) == decided(case.graph)
