"""Names → things."""

from __future__ import annotations

from difflib import get_close_matches
from typing import cast

from pyoxigraph import Literal, NamedNode, QuerySolutions, Store

from cica_kg.errors import UsageError
from cica_kg.vocabulary import PREFIXES, shorten

_NAMED = """
SELECT ?thing ?name {{
  ?thing {of_class} ;
    rdfs:label|skos:altLabel|cica:officialName|cica:shortName|cica:isoAlpha2|cica:isoAlpha3 ?name
}}"""


def resolve(store: Store, text: str, wanted_class: str | None = None) -> str:
    """Return the IRI of the thing that `text` names: an IRI, a prefixed name, a code or a name.

    Args:
        store: where to look.
        text: `https://w3id.org/cica-kg/id/state/japan`, `state:japan`, `JPN`, or `Japan` in any language.
        wanted_class: the class it must be of, as a prefixed name such as `cica:State`, or None.

    Raises:
        UsageError: nothing fits, or more than one thing; the message offers what does.
    """
    of_class = f"a/rdfs:subClassOf* {wanted_class}" if wanted_class else "a ?class"
    answer = store.query(_NAMED.format(of_class=of_class), prefixes=PREFIXES)
    by_name: dict[str, set[str]] = {}
    for solution in cast(QuerySolutions, answer):
        thing, name = cast(NamedNode, solution["thing"]), cast(Literal, solution["name"])
        by_name.setdefault(name.value.casefold(), set()).add(thing.value)
    prefix, _, local = text.partition(":")
    iri = PREFIXES[prefix] + local if prefix in PREFIXES else text
    if any(iri in things for things in by_name.values()):
        return iri
    named = sorted(by_name.get(text.casefold(), ()))
    if len(named) == 1:
        return named[0]
    if named:
        raise UsageError(f"“{text}” names more than one thing: {_list(named)}")
    near = [thing for name in get_close_matches(text.casefold(), by_name, n=3) for thing in by_name[name]]
    what = f" of class {wanted_class}" if wanted_class else ""
    raise UsageError(f"nothing{what} is called “{text}”" + (f"; did you mean {_list(near)}?" if near else ""))


def _list(things: list[str]) -> str:
    return " or ".join(dict.fromkeys(shorten(thing) or thing for thing in things))
