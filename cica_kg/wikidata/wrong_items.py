"""Q-numbers that circulate for things of ours and are wrong: a link to one is refused."""

from __future__ import annotations

from typing import Final, NamedTuple


class WrongItem(NamedTuple):
    """A wrong Q-number: what it is taken for (English names), the right one, why, where it was seen."""

    item: str
    taken_for: frozenset[str]
    right: str
    why: str
    seen_in: str


_SCO: Final = frozenset({"Shanghai Cooperation Organisation", "Shanghai Cooperation Organization", "SCO"})
_ASEAN: Final = frozenset({"Association of Southeast Asian Nations", "ASEAN"})
_GCC: Final = frozenset(
    {"Gulf Cooperation Council", "Cooperation Council for the Arab States of the Gulf", "GCC"}
)
_LISTS: Final = "two public lists of actors that share several invented numbers"

WRONG_ITEMS: Final = (
    WrongItem("Q133255", _SCO, "Q485207", "invented", _LISTS),
    WrongItem("Q188749", _SCO, "Q485207", "it is a mushroom", "a public list of actors"),
    WrongItem("Q186987", _SCO, "Q485207", "it is another thing", "a public list of actors"),
    WrongItem("Q476033", _ASEAN, "Q7768", "invented", _LISTS),
    WrongItem("Q80985", _GCC, "Q217172", "invented", _LISTS),
    WrongItem("Q29520", frozenset({"China"}), "Q148", "it is another item called China", "rigour 2.6.1"),
    WrongItem(
        "Q18097",
        frozenset({"South Korea", "Republic of Korea", "Korea"}),
        "Q884",
        "it is Korea, the country of both states",
        "rigour 2.6.1",
    ),
    WrongItem(
        "Q407199",
        frozenset({"Palestine", "State of Palestine"}),
        "Q219060",
        "it is another item",
        "dr5hn/countries-states-cities-database@7fda0afd",
    ),
    WrongItem(
        "Q1384",
        frozenset({"New York", "New York City"}),
        "Q60",
        "it is the state of New York",
        "tsafavi/codex@3132e426",
    ),
)
