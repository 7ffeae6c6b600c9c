"""The page: nothing in it but what the policy allows, whatever the texts say."""

from __future__ import annotations

import base64
import hashlib
import re

import pytest
from lxml import html

from pipeline.report import safe
from pipeline.report.contrast import shared_runs
from pipeline.report.making import write_report
from tests.report_corpora import ATTACKS
from tests.report_output import kept_by, marked, stays, went, whole, write_output


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A report in which every field that text can reach attacks."""
    wholes = []
    for number, attack in enumerate(ATTACKS):
        attack = attack.encode("utf-8", "replace").decode()
        kept = kept_by(f"{attack}{number}", 0)
        wholes.append(
            whole(
                f"{attack}{number}",
                [
                    stays(
                        attack, (marked("restatement", kept, 0.5, below=[attack], vetoes=[attack]),)
                    ),
                    went(
                        attack, "near-duplicate", "copy", 0.9, kept=kept, evidence={attack: attack}
                    ),
                    went(attack, "boilerplate", "other", 0.1, rule=attack),
                ],
                url=attack,
                site=attack,
                language=attack,
                published=attack,
                encoding=attack,
                changes={attack: 1},
            )
        )
    folder = write_output(tmp_path_factory.mktemp("page") / "out", wholes)
    return write_report(folder).read_text(encoding="utf-8")


def test_text_makes_no_markup(page: str) -> None:
    tree = html.document_fromstring(page)
    assert len(tree.findall(".//script")) == 1
    assert len(tree.findall(".//style")) == 1
    assert [link.get("href") for link in tree.findall(".//link")] == ["data:,"]
    for name in ("img", "iframe", "base", "object", "embed", "video", "audio", "source"):
        assert tree.findall(f".//{name}") == []
    assert all(link.get("href", "").startswith("#") for link in tree.findall(".//a"))
    names = {name for element in tree.iter() for name in element.attrib}
    assert not {name for name in names if name.startswith("on")}
    assert "style" not in names
    assert "src" not in names


def test_the_policy_allows_the_style_and_the_script_of_the_page_and_nothing_else(page: str) -> None:
    policy = html.document_fromstring(page).xpath("//meta[@http-equiv]/@content")[0]
    assert policy.startswith("default-src 'none'; ")
    for tag in ("style", "script"):
        content = re.search(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        assert content is not None
        digest = base64.b64encode(hashlib.sha256(content[1].encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
    assert "unsafe" not in policy
    assert "form-action 'none'" in policy
    assert "base-uri 'none'" in policy


def test_what_is_shown_is_the_text_itself(page: str) -> None:
    shown = html.document_fromstring(page).text_content()
    assert "<script>window.hit = 1; document.title = 'hit'</script>" in shown
    assert "</p></div></article></section></main></body></html>" in shown


def test_a_language_that_is_none_is_no_attribute(page: str) -> None:
    assert {
        element.get("lang")
        for element in html.document_fromstring(page).iter()
        if element.get("lang")
    } == {"en"}


def test_ids_in_the_page_are_unique_and_links_lead_somewhere(page: str) -> None:
    tree = html.document_fromstring(page)
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert {link.get("href")[1:] for link in tree.findall(".//a")} <= set(ids)


def test_names_show_what_cannot_be_seen() -> None:
    assert safe.name("a\u202egpj.exe\u0000") == "a‹U+202E›gpj.exe‹U+0000›"
    assert safe.text("שלום\u200f\nלכם\ud800") == "שלום\u200f\nלכם‹U+D800›"


def test_runs_make_up_the_text_and_shared_ones_are_shared() -> None:
    one = "“It rose 5 %,” said  Ann Miller – on Monday.\tAgain."
    other = "It rose 6 %, Bob Miller said on Monday."
    runs = shared_runs(one, other)
    assert "".join(run.text for run in runs) == one
    assert [run.text for run in runs if not run.shared] == [" 5 ", "  Ann ", "\tAgain."]
