"""Deciding: no removal without a kept paragraph, no chain; near-copies are listed."""

import pytest

from transforms.decisions import (
    AlikeDocument,
    Document,
    Edge,
    Graph,
    Node,
)
from transforms.settings import Action, DecideSettings, DocumentSettings
from transforms.verdicts import decide

LONG = 20
SETTINGS = DecideSettings()
DOCUMENTS = DocumentSettings()


def document(
    place: int,
    words: int = 1000,
    site: str | None = None,
    standing: int = 100,
    copies: int | None = None,
) -> Document:
    return Document(
        rank=(place, 0, 0, f"d{place}"), site=site, words=words, standing=standing,
        copies=-1 - place if copies is None else copies,
    )  # fmt: skip


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
    decisions, *_ = decide(graph, settings or DecideSettings(), DOCUMENTS, "drop", "drop")
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


def test_a_decision_tells_how_alike_the_two_are() -> None:
    graph = Graph(
        {1: document(1), 2: document(2)},
        [node(1, 1), node(2, 2)],
        {text(2): [Edge(text(1), 0.8, 0.9, True)]},
        {},
    )
    (decision,), *_ = decide(graph, SETTINGS, DOCUMENTS, "drop", "drop")
    assert (decision.jaccard, decision.containment, decision.through) == (0.8, 0.9, None)


def test_a_document_that_is_a_headline_and_nothing_else_does_not_go_for_its_headline() -> None:
    graph = Graph(
        {1: document(1), 2: document(2, words=0, standing=0)},
        [node(1, 1, kind="title"), node(2, 2, kind="title", copies=1)],
        {},
        {},
    )
    assert decide(graph, SETTINGS, DOCUMENTS, "drop", "drop") == ([], [], [])


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
    decisions, dropped, _ = decide(graph, DecideSettings(), DOCUMENTS, "drop", "drop")
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
    _, dropped, _ = decide(graph, DecideSettings(), DOCUMENTS, "drop", "drop")
    assert [(each.document, each.share) for each in dropped] == [(2, 1.0)]


def test_a_copy_that_adds_a_paragraph_stays_however_short_its_share() -> None:
    graph = Graph(
        {1: document(1, words=990), 2: document(2, words=1000, standing=2)},
        [node(1, 1, words=990), node(2, 2, words=990, copies=1)],
        {},
        {},
    )
    decisions, dropped, _ = decide(graph, DecideSettings(), DOCUMENTS, "drop", "drop")
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
    decisions, *_ = decide(graph, DecideSettings(), DOCUMENTS, "report", "drop")
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
    decisions, *_ = decide(graph, DecideSettings(), DOCUMENTS, "drop", "drop")
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


def told_twice(copy: bytes = text(1)) -> Graph:
    """A document that restates its first paragraph, and a copy of it."""
    return Graph(
        {1: document(1, words=40, standing=2), 2: document(2, words=40, standing=2)},
        [node(1, 1), node(2, 1), node(3, 2, copies=1, variant=copy), node(4, 2, copies=2)],
        {},
        {2: [Edge(1, 0.5, 0.8, True)], 4: [Edge(3, 0.5, 0.8, True)]},
    )


def test_a_copy_of_a_document_that_restates_itself_goes_whole() -> None:
    # 4 restates 3, which goes as a copy of 1; 2, of which 4 is a copy, is gone itself.
    decisions, dropped, _ = decide(told_twice(), DecideSettings(), DOCUMENTS, "drop", "drop")
    assert [(each.key, each.tier, each.kept, each.through) for each in decisions] == [
        (2, "restatement", 1, None),
        (3, "duplicate", 1, None),
        (4, "restatement", 1, 3),
    ]
    assert [(each.document, each.survivor, each.share) for each in dropped] == [(2, 1, 1.0)]


def test_what_restates_a_copy_stays_unless_the_copy_is_the_same_to_the_letter() -> None:
    decisions, dropped, _ = decide(told_twice(text(9)), DecideSettings(), DOCUMENTS, "drop", "drop")
    assert [each.key for each in decisions] == [2, 3]
    assert dropped == []


def test_what_is_marked_stays_and_can_stand_for_others() -> None:
    graph = Graph(
        {n: document(n) for n in (1, 2, 3)},
        [node(1, 1), node(2, 2), node(3, 3, copies=2, variant=text(2))],
        both((1, 2, 0.9)),
        {},
    )
    decisions, *_ = decide(graph, DecideSettings(), DOCUMENTS, "mark", "mark")
    assert [(each.key, each.tier, each.action, each.kept) for each in decisions] == [
        (2, "near-duplicate", "mark", 1),
        (3, "duplicate", "drop", 2),
    ]


def test_a_near_copy_is_listed_with_the_document_that_has_most_of_it() -> None:
    graph = Graph(
        {1: document(1), 2: document(2), 3: document(3, words=100, standing=3)},
        [node(1, 1, words=50), node(2, 2, words=20), node(3, 3, words=50, copies=1),
         node(4, 3, words=20, copies=2)],
        {},
        {},
    )  # fmt: skip
    _, dropped, listed = decide(graph, DecideSettings(), DOCUMENTS, "drop", "drop")
    assert dropped == []
    assert listed == [(3, 1, "paragraphs", 0.5, 0.7)]


def test_a_near_copy_by_its_whole_body_names_the_closest_of_better_rank() -> None:
    alike = {
        -4: [AlikeDocument(-2, 0.6), AlikeDocument(-3, 0.9), AlikeDocument(-5, 1.0)],
        -5: [AlikeDocument(-4, 0.4)],
    }
    documents = {n: document(n) for n in (1, 2, 3, 4)}
    graph = Graph(documents, [], {}, {}, alike)
    assert decide(graph, DecideSettings(), DOCUMENTS, "drop", "drop").near_copies == [
        (3, 2, "shingles", 0.9, 0.0)
    ]
    apart = Graph(
        {n: each._replace(site=str(n)) for n, each in documents.items()}, [], {}, {}, alike
    )
    assert decide(apart, DecideSettings(scope="site"), DOCUMENTS, "drop", "drop")[2] == []


def test_with_mark_a_copied_document_loses_its_paragraphs_one_by_one() -> None:
    graph = Graph(
        {1: document(1, words=90), 2: document(2, words=90, standing=1)},
        [node(1, 1, words=90), node(2, 2, words=90, copies=1), node(3, 2, words=9, kind="title")],
        {},
        {},
    )
    mark = DocumentSettings(action="mark")
    decisions, dropped, listed = decide(graph, DecideSettings(), mark, "drop", "drop")
    assert [each.key for each in decisions] == [2]
    assert (dropped, listed) == ([], [(2, 1, "paragraphs", 1.0, 1.0)])


def test_the_better_rank_keeps_whatever_the_numbers_are() -> None:
    graph = Graph({1: document(2), 2: document(1)}, [node(1, 1), node(2, 2, copies=1)], {}, {})
    assert gone(graph) == [(1, 2)]
    graph = Graph({1: document(1)}, [node(3, 1, place=1, copies=5), node(5, 1, place=0)], {}, {})
    assert gone(graph) == [(3, 5)]


def test_what_an_earlier_run_kept_stays_and_is_proof_for_all_that_follows() -> None:
    documents = {
        1: document(1, site="a")._replace(earlier=True),
        2: document(2, site="a")._replace(earlier=True),
        3: document(3, site="a"),
        4: document(4, site="a"),
    }
    nodes = [node(1, 1), node(2, 2, copies=1), node(3, 3, copies=1), node(4, 4, copies=1)]
    graph = Graph(documents, nodes, {}, {})
    assert gone(graph, DecideSettings(scope="site")) == [(3, 1), (4, 1)]


def copied(near: bool) -> Graph:
    """A document whose only paragraph stands in another, and a third that is like neither."""
    return Graph(
        {n: document(n, words=LONG, standing=1) for n in (1, 2, 3, 4)},
        [node(1, 1), node(2, 2, copies=2 if near else 1), node(3, 3), node(4, 4, copies=3)],
        both((1, 2, 0.9)) if near else {},
        {},
    )


def test_a_document_goes_whole_for_near_duplicates_only_where_these_go() -> None:
    def dropped(near: bool, action: Action) -> list[int]:
        decided = decide(copied(near), SETTINGS, DOCUMENTS, action, "drop")
        return [each.document for each in decided.dropped]

    assert dropped(True, "drop") == [2, 4]
    assert dropped(True, "mark") == dropped(True, "report") == [4]
    assert dropped(False, "mark") == [2, 4]


def test_what_is_only_reported_makes_no_near_copy() -> None:
    def listed(action: Action) -> list[int]:
        decided = decide(copied(True), SETTINGS, DOCUMENTS, action, "drop")
        return [each.document for each in decided.near_copies]

    assert listed("mark") == [2]
    assert listed("report") == []


def test_where_documents_are_off_none_is_listed() -> None:
    off = DocumentSettings(action="off")
    decided = decide(copied(False), SETTINGS, off, "drop", "drop")
    assert (decided.dropped, decided.near_copies) == ([], [])
    assert [each.key for each in decided.paragraphs] == [2, 4]


def test_the_survivor_has_most_of_the_body_whoever_has_the_headline() -> None:
    graph = Graph(
        {1: document(1), 2: document(2), 3: document(3, words=LONG, standing=1)},
        [
            node(1, 1, kind="title", words=90),
            node(2, 2),
            node(3, 3, kind="title", words=90, copies=1),
            node(4, 3, copies=2),
        ],
        {},
        {},
    )
    (dropped,) = decide(graph, SETTINGS, DOCUMENTS, "drop", "drop").dropped
    assert dropped == (3, 2, 1.0, 1.0)


@pytest.mark.parametrize(("more", "survivor"), [(LONG, 1), (LONG + 10, 2)])
def test_of_equal_survivors_the_one_of_better_rank_is_named(more: int, survivor: int) -> None:
    graph = Graph(
        {2: document(2), 1: document(1), 3: document(3, words=LONG + more, standing=2)},
        [
            node(1, 1),
            node(2, 2, words=more),
            node(3, 3, copies=2, words=more, place=0),
            node(4, 3, copies=1),
        ],
        {},
        {},
    )
    (dropped,) = decide(graph, SETTINGS, DOCUMENTS, "drop", "drop").dropped
    assert (dropped.survivor, dropped.proven) == (survivor, 1.0)
    worse = {**graph.documents, 1: document(2), 2: document(1)}
    (dropped,) = decide(
        graph._replace(documents=worse), SETTINGS, DOCUMENTS, "drop", "drop"
    ).dropped
    assert dropped.survivor == 2


def test_list_items_do_not_stand_for_a_paragraph_that_is_not_proven() -> None:
    graph = Graph(
        {1: document(1), 2: document(2, words=1000, standing=1)},
        [
            node(1, 1, kind="list-item", words=990),
            node(2, 2, kind="list-item", words=990, copies=1),
        ],
        {},
        {},
    )
    assert decide(graph, SETTINGS, DOCUMENTS, "drop", "drop").dropped == []


def test_a_near_copy_has_the_share_or_more() -> None:
    alike = {-3: [AlikeDocument(-2, DOCUMENTS.mark_share)]}
    graph = Graph({1: document(1), 2: document(2)}, [], {}, {}, alike)
    assert [each.document for each in decide(graph, SETTINGS, DOCUMENTS, "drop", "drop")[2]] == [2]


def test_a_short_line_that_is_no_title_stays_however_often_it_stands_there() -> None:
    nodes = [node(1, 1, words=3), node(2, 1, words=3, copies=1)]
    assert gone(Graph({1: document(1)}, nodes, {}, {})) == []


def test_what_restates_a_copy_goes_where_its_document_stays_too() -> None:
    graph = told_twice()
    stays = {**graph.documents, 2: document(2, words=60, standing=3)}
    nodes = [each._replace(copies=4) if each.key == 4 else each for each in graph.nodes]
    graph = graph._replace(documents=stays, nodes=nodes)

    def found(action: Action) -> list[tuple[int, str, int, int | None]]:
        decisions, *_ = decide(graph, SETTINGS, DOCUMENTS, "drop", action)
        return [(each.key, each.action, each.kept, each.through) for each in decisions]

    assert found("drop") == [(2, "drop", 1, None), (3, "drop", 1, None), (4, "drop", 1, 3)]
    # What stands for a copy is named only where the text goes.
    assert found("mark") == [(2, "mark", 1, None), (3, "drop", 1, None)]
    assert found("report") == [(2, "report", 1, None), (3, "drop", 1, None)]


def test_what_is_marked_stands_for_others_of_its_site() -> None:
    graph = Graph(
        {n: document(n, site="a") for n in (1, 2, 3)},
        [node(1, 1), node(2, 2), node(3, 3, copies=2, variant=text(2))],
        both((1, 2, 0.9)),
        {},
    )
    decided = decide(graph, DecideSettings(scope="site"), DOCUMENTS, "mark", "mark")
    assert [(each.key, each.action, each.kept) for each in decided.paragraphs] == [
        (2, "mark", 1),
        (3, "drop", 2),
    ]
