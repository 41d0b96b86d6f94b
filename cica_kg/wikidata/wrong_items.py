"""Q-numbers that circulate for things of ours and are wrong: a link to one is refused."""

from __future__ import annotations

from typing import Final, NamedTuple


class WrongItem(NamedTuple):
    """A wrong Q-number: what it is taken for (English names), what is wrong with it, where it was seen."""

    item: str
    taken_for: frozenset[str]
    why: str
    seen_in: str


_SCO: Final = frozenset({"Shanghai Cooperation Organisation", "Shanghai Cooperation Organization", "SCO"})
_ASEAN: Final = frozenset({"Association of Southeast Asian Nations", "ASEAN"})
_GCC: Final = frozenset(
    {"Gulf Cooperation Council", "Cooperation Council for the Arab States of the Gulf", "GCC"}
)
_LISTS: Final = "two public lists of actors that share several invented numbers"

WRONG_ITEMS: Final = (
    WrongItem("Q133255", _SCO, "the organization is Q485207", _LISTS),
    WrongItem("Q188749", _SCO, "it is a mushroom; the organization is Q485207", "a public list of actors"),
    WrongItem("Q186987", _SCO, "the organization is Q485207", "a public list of actors"),
    WrongItem("Q476033", _ASEAN, "the organization is Q7768", _LISTS),
    WrongItem("Q80985", _GCC, "the organization is Q217172", _LISTS),
    WrongItem(
        "Q29520", frozenset({"China"}), "it is another item called China; the state is Q148", "rigour 2.6.1"
    ),
    WrongItem(
        "Q18097",
        frozenset({"South Korea", "Republic of Korea", "Korea"}),
        "it is Korea, the country of both states; the state is Q884",
        "rigour 2.6.1",
    ),
    WrongItem(
        "Q407199",
        frozenset({"Palestine", "State of Palestine"}),
        "the state is Q219060",
        "dr5hn/countries-states-cities-database@7fda0afd",
    ),
    WrongItem(
        "Q1384",
        frozenset({"New York", "New York City"}),
        "it is the state of New York; the city is Q60",
        "tsafavi/codex@3132e426",
    ),
)
