"""Lines that their wording gives away, and sentences that only begin like them."""

from __future__ import annotations

import pytest

from tests.test_shapes import rows
from transforms.patterns import PatternSet
from transforms.phrases import PHRASES

PATTERNS = PatternSet(PHRASES)

EXAMPLES = {
    "share-widget": """
        Share
        Share this article on Facebook
        Tweet
        Facebook Twitter WhatsApp E-Mail
        Copy link
        Get short URL
        Teilen
        Follow us on Instagram""",
    "navigation": """
        Home
        Skip to main content
        Log in
        Watch live
        Table of contents
        View all
        Privacy Policy
        Startseite
        Home > News > Harbour""",
    "advertisement": """
        Advertisement
        - ADVERTISEMENT -
        Anzeige
        Story continues below advertisement
        We may earn a commission if you buy something through our links.""",
    "cookie-notice": """
        We and our partners use cookies.
        This website uses cookies to remember you.
        Accept all cookies
        This site is protected by reCAPTCHA""",
    "subscription": """
        Sign up for our daily newsletter
        The evening briefing: sign up for more like this
        Subscribe now for full access
        Get the latest stories in your inbox
        By signing up, you agree to our terms.
        Already a subscriber? Log in
        Your email address will not be published.""",
    "comment": """
        Leave a comment
        Comments are closed.
        Join the conversation
        Save my name, email, and website in this browser
        Peter says:""",
    "related-heading": """
        Read more
        See also:
        Related articles
        You may also like
        More from the Harbour Gazette
        Lesen Sie auch
        Читайте также
        相关阅读
        اقرأ أيضا""",
    "related-link": """
        Read more: Council Votes for New Bridge
        Read also – Council votes for a new bridge
        Learn more about the bridge""",
    "tag-list": """
        Tags: fire, mill, harbour
        Topics
        #fire #mill #harbour""",
    "author-bio": """
        About the author
        Jane Miller is a freelance writer who lives by the sea.""",
}

SENTENCES = """
    A member of the council said the vote would be held again.
    By signing the treaty, the island agreed to withdraw its boats.
    Fishermen may receive compensation from the state, the court ruled.
    The town hopes to receive money from the European Commission by May.
    This story is about two members of parliament.
    Ad spending will continue to grow, analysts say.
    Subscribers grew by a tenth, the company said.
    News about the fire spread quickly.
    Other countries followed the story.
    Report to parliament is due in May.
    “I would do it again,” he said.
    He was hit while the reporter was filming the crowd.
    More on that later.
    Sharing a house with a wolf
    Homes Flooded in Harbour Town
    Most people read about it in the paper."""


@pytest.mark.parametrize(
    ("reason", "line"),
    [(reason, line) for reason, table in EXAMPLES.items() for line in rows(table)],
)
def test_a_wording_gives_its_line_away(reason: str, line: str) -> None:
    found = PATTERNS.match(line, len(line.split()))
    assert found is not None
    assert found.reason == reason


@pytest.mark.parametrize("line", rows(SENTENCES))
def test_sentences_and_headlines_are_no_prompts(line: str) -> None:
    assert PATTERNS.match(line, len(line.split())) is None
