"""Text from data steers no terminal, and JSON stays exact."""

from __future__ import annotations

import json
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from cica_kg.text import json_text

STEERING = st.sampled_from(
    ["\x1b[31m", "\x9b31m", "\x7f", "\u202e", "\u2066", "\u2028", "\r", "\0", "\u200c"]
)
TEXTS = st.lists(STEERING | st.text(max_size=3), max_size=5).map("".join)
DOCUMENTS = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS,
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(TEXTS, inside, max_size=3),
    max_leaves=8,
)


@given(DOCUMENTS)
def test_json_reads_back_the_same_and_steers_no_terminal(document: object) -> None:
    text = json_text(document)
    assert json.loads(text) == document
    assert text.endswith("\n")
    for character in text.replace("\n", ""):
        assert unicodedata.category(character) != "Cc"
        assert character not in "\u2028\u202e\u2066"
