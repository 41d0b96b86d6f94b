"""N-Triples → Turtle for people, in a fixed order: a thing with all that is said of it, one value a line.

rdflib's writer of the same style takes nearly twenty times as long; Oxigraph's puts all values on one line.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from cica_kg.short_names import ShortNames
from cica_kg.steady import KIND, KIND_MARK, marked_statements, unmarked
from cica_kg.vocabulary import XSD

#: What ends a thing.
_END: Final = " ;\n.\n"
#: What stands between the values of a property.
_NEXT: Final = " ,\n        "
#: The ends of IRIs that need no escapes as local names, nor can mean anything else (Turtle 1.1, 6.5).
_LOCAL: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]*>")
#: Literals that Turtle has a plain form for, which every reader gives back as it stood.
_PLAIN: Final = {
    f"<{XSD}integer>": re.compile(r"0|-?[1-9][0-9]*"),
    f"<{XSD}boolean>": re.compile(r"true|false"),
}


def turtle_bytes(text: bytes, prefixes: Mapping[str, str]) -> bytes:
    """Write Turtle, with the prefixes that it uses alone.

    Args:
        text: N-Triples as Oxigraph writes them; blank nodes keep their labels.
        prefixes: prefix → namespace, which no other begins with.
    """
    names = _Names(prefixes)
    heads = _Heads(names)
    written: list[str] = []
    write = written.append
    subject = last = ""
    several = False
    statements = marked_statements(text)
    # Each is let go when it is taken: what is written next finds memory that is at hand.
    statements.reverse()
    take = statements.pop
    while statements:
        about, property_, value = take().split(" ", 2)
        # Texts and blank nodes stand as they are.
        found = names[value] if value[-1] == ">" else value
        if about != subject:
            write(f"{_END}\n{names[about]}{heads[property_][2:]}")
            subject, last, several = about, property_, False
        elif property_ != last:
            write(heads[property_])
            last, several = property_, False
        else:
            if not several:
                written[-2] = written[-2][:-1] + _NEXT[2:]
                several = True
            write(_NEXT)
        write(found)
    if written:
        written[0] = written[0][len(_END) :]
        write(_END)
    head = [f"PREFIX {prefix}: <{prefixes[prefix]}>\n" for prefix in sorted(names.used)]
    return unmarked("".join((*head, *written)))


class _Names(ShortNames):
    def __missing__(self, term: str) -> str:
        prefix, local = self.split(term)
        if prefix is not None and _LOCAL.fullmatch(local):
            self.used.add(prefix)
            name = f"{prefix}:{local[:-1]}"
        else:
            name = self._typed(term) if term[0] == '"' else term
        self[term] = name
        return name

    def _typed(self, literal: str) -> str:
        text, _, datatype = literal.rpartition("^^")
        plain = _PLAIN.get(datatype)
        if plain and plain.fullmatch(text[1:-1]):
            return text[1:-1]
        return f"{text}^^{self[datatype]}"


class _Heads(dict[str, str]):
    """Properties → the end of the value before, and how a line with one value begins."""

    def __init__(self, names: _Names) -> None:
        super().__init__(dict.fromkeys((KIND.decode(), KIND_MARK.decode()), " ;\n    a "))
        self._names = names

    def __missing__(self, property_: str) -> str:
        self[property_] = f" ;\n    {self._names[property_]} "
        return self[property_]
