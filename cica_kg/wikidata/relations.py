"""What we compare: which relation of ours is which property there, and on which side it stands."""

from __future__ import annotations

from typing import Final, NamedTuple

from cica_kg.wikidata.client import Answers
from cica_kg.wikidata.properties import properties_by_label

PROP: Final = "http://www.wikidata.org/prop/"
START: Final = "P580"
END: Final = "P582"
#: Qualifiers that turn a membership into something else, such as an observer's place.
ROLES: Final = ("P2868", "P3831")


class Relation(NamedTuple):
    """A relation.

    Attributes:
        name: what we call it.
        properties: its properties there, the one to write first. A number where published data of Wikidata
            show it; else the English label, by which the number is found when the program runs.
        inverse: of these, those that stand on the other item.
        complete: our graph has all of them: one that we lack contradicts us.
        single: there is one at a time: another value contradicts ours.
    """

    name: str
    properties: tuple[str, ...]
    inverse: tuple[str, ...] = ()
    complete: bool = False
    single: bool = False


MEMBERSHIP: Final = Relation("membership", ("P463",), complete=True)
OBSERVERSHIP: Final = Relation("observership", ("official observer status in organisation",), complete=True)
HEAD: Final = Relation("head", ("secretary general",), single=True)
#: Chairs there are people; the chair of CICA is a state: these are read and nothing of ours is held to them.
CHAIR: Final = Relation("chair", ("P488",))
SEAT: Final = Relation("seat", ("P159",), single=True)
INCEPTION: Final = Relation("inception", ("P571",), single=True)
PART: Final = Relation("part", ("P361", "P355", "P527"), inverse=("P355", "P527"))
RELATIONS: Final = (MEMBERSHIP, OBSERVERSHIP, HEAD, CHAIR, SEAT, INCEPTION, PART)


class Numbers(NamedTuple):
    """Property of a relation, number or label → its number; and what could not be found, for people."""

    of: dict[str, str]
    problems: dict[str, str]

    def known(self, relation: Relation) -> list[str]:
        """Return the numbers of the properties of a relation that are known."""
        return [self.of[name] for name in relation.properties if name in self.of]


def find_numbers(answers: Answers) -> Numbers:
    """Return the number of each property; those without an evidenced one are asked for by their label.

    Raises:
        EndpointError: as `Answers.select`.
    """
    names = [name for relation in RELATIONS for name in relation.properties]
    of = {name: name for name in names if is_number(name)}
    problems = {}
    for name, numbers in properties_by_label(answers, {n: (n,) for n in names if n not in of}).items():
        if len(numbers) == 1:
            of[name] = numbers[0]
        else:
            many = "no property" if not numbers else " and ".join(numbers)
            problems[name] = f"not asked: {many} there is labelled “{name}”"
    return Numbers(of, problems)


def is_number(name: str) -> bool:
    """Tell whether a property is named by its number, not by its label."""
    return name[0] == "P" and name[1:].isdigit()
