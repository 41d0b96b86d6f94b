"""The graph as tables: one a kind of thing, one a property with several values, and one of all things.

Which columns there are follows from the data and the ontology: a new property is a new column. A property of
which a thing has one value at most is a column in the table of its kind. Any other has a table of its own,
one row a value, which holds it exactly; the table of the kind repeats the values in one cell, to be read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cica_kg.export.columns import (
    Column,
    Row,
    Table,
    Titles,
    Type,
    Value,
    column_name,
    in_language,
    titles,
    unused,
)
from cica_kg.export.table_build import Build, others_table
from cica_kg.export.table_data import (
    Form,
    Term,
    Things,
    form_of,
    read_authored,
    read_labels,
    shown,
    type_of,
    value_of,
)
from cica_kg.export.table_derived import DATED, bounds, read_derived
from cica_kg.export.table_terms import read_terms
from cica_kg.vocabulary import CICA, RDFS, SKOS, TERMS_NAMESPACE, WIKIDATA
from cica_kg.words import FOREIGN, LANGUAGES

if TYPE_CHECKING:
    from cica_kg.graph import KnowledgeGraph

#: The table of everything that has a kind: what may be of several kinds refers to it.
THINGS: Final = "things"
#: The table of what is said of anything else, such as the graph itself.
OTHERS: Final = "other_statements"
_PLURALS: Final = {"body": "bodies", "person": "people", "category": "categories"}
#: What stands behind a fact: its names in a cell would be longer than all the rest.
_BEHIND: Final = frozenset(TERMS_NAMESPACE + name for name in ("Source", "Claim"))
_LABEL: Final = RDFS + "label"


def tables(kg: KnowledgeGraph) -> dict[str, Table]:
    """Return all tables of a graph at its reference date, by name, those of the kinds in the order of KINDS.

    Authored values stand in the type they were given; nothing that was authored is left out.
    """
    return _Maker(kg).tables()


def plural(kind: str) -> str:
    """Return the name of the table of a kind: `states`."""
    return _PLURALS.get(kind, kind + "s")


class _Maker:
    """Makes the tables of one graph."""

    def __init__(self, kg: KnowledgeGraph) -> None:
        self._authored = read_authored(kg.validated.files)
        self._terms = read_terms(kg.validated.files)
        self._derived = read_derived(kg)
        self._labels = read_labels(kg.store)
        self._kinds = self._authored.kinds
        self._of_thing = {thing: kind for kind, things in self._kinds.items() for thing in things}
        #: Property → thing → values, of what has a table of its own.
        self._many: dict[str, dict[str, list[Term]]] = {}

    def tables(self) -> dict[str, Table]:
        found = [self._things()]
        found += [self._of_kind(kind, things) for kind, things in self._kinds.items()]
        names = {table.name for table in found} | {OTHERS}
        for property_ in sorted(self._many, key=self._terms.place):
            table = self._of_property(property_, names)
            names.add(table.name)
            found.append(table)
        found.append(others_table(OTHERS, self._authored.others))
        return {table.name: table for table in found}

    def _things(self) -> Table:
        columns = (
            Column("id", "iri", titles("id"), required=True),
            Column("kind", "text", titles("kind"), required=True),
            Column("label", "text", titles("label"), repeats=True),
            *self._label_columns(),
            Column("wikidata", "text", titles("wikidata"), repeats=True),
        )
        rows: list[Row] = [
            (thing, kind, *self._names(thing), self._item(kind, thing))
            for thing, kind in sorted(self._of_thing.items())
        ]
        names = {"en": "things", "ar": "الأشياء", "ru": "предметы"}
        return Table(THINGS, names, None, columns, rows, ("id",))

    def _label_columns(self) -> tuple[Column, ...]:
        of = FOREIGN[_LABEL]
        return tuple(
            Column(f"label_{each}", "text", in_language(of, each), _LABEL, each) for each in LANGUAGES
        )

    def _names(self, thing: str) -> Row:
        labels = self._labels.get(thing, {})
        return shown(labels), *(labels.get(language) for language in LANGUAGES)

    def _item(self, kind: str, thing: str) -> str | None:
        matches = self._kinds[kind][thing].get(SKOS + "exactMatch", [])
        items = [value_of(term, "iri") for term in matches]
        return next(
            (i.removeprefix(WIKIDATA) for i in items if isinstance(i, str) and i.startswith(WIKIDATA)), None
        )

    def _titles(self, iri: str) -> Titles:
        labels = self._labels.get(iri) or FOREIGN.get(iri) or {"en": column_name(iri).replace("_", " ")}
        return {language: labels[language] for language in LANGUAGES if language in labels}

    def _of_kind(self, kind: str, things: Things) -> Table:
        about = TERMS_NAMESPACE + kind.capitalize()
        build = Build(things)
        build.add("id", "iri", titles("id"), lambda thing: thing, target=THINGS, required=True)
        labels = (Column("label", "text", titles("label"), repeats=True), *self._label_columns())
        build.place(labels, {thing: self._names(thing) for thing in things})
        for property_ in sorted({p for each in things.values() for p in each}, key=self._terms.place):
            self._add_property(build, property_)
        if kind in self._derived:
            build.place(*self._derived[kind])
        return build.table(plural(kind), self._titles(about), about)

    def _add_property(self, build: Build, property_: str) -> None:
        each = {thing: said[property_] for thing, said in build.things.items() if property_ in said}
        terms = [term for values in each.values() for term in values]
        if property_ not in self._terms.single or len(terms) > len(each):
            of_property = self._many.setdefault(property_, {})
            of_property.update(each)
            if property_ != _LABEL:
                self._repeat(build, property_, each)
            return
        form, names = form_of(terms, single=True), self._titles(property_)
        values = {thing: value_of(term, form) for thing, (term,) in each.items()}
        required = len(values) == len(build.things)
        target = self._target(property_, values.values()) if form == "iri" else None
        name = build.add(
            column_name(property_),
            _type(form),
            names,
            values.get,
            property=property_,
            target=target,
            required=required,
        )
        if form == "mixed":
            types = {thing: type_of(term) for thing, (term,) in each.items()}
            beside = "language" if all(each.startswith("@") for each in types.values()) else "type"
            if beside == "language":
                types = {thing: tag.removeprefix("@") for thing, tag in types.items()}
            build.add(f"{name}_{beside}", "text", titles(beside, names), types.get, required=required)
        if form == "iri":
            self._add_names(build, name, names, {thing: [value] for thing, value in values.items()})
        if property_ in DATED:
            self._add_days(build, property_, name, values)

    def _repeat(self, build: Build, property_: str, each: dict[str, list[Term]]) -> None:
        """Repeat the values of a property that has a table of its own, in one cell, to be read."""
        more = {"property": property_, "repeats": True}
        form = form_of((term for terms in each.values() for term in terms), single=False)
        name, names = column_name(property_), self._titles(property_)
        if form == "iri":
            iris = {thing: [value_of(term, form) for term in terms] for thing, terms in each.items()}
            lists = {thing: " ".join(map(str, values)) for thing, values in iris.items()}
            name = build.add(name, "text", names, lists.get, separator=" ", **more)
            if self._terms.ranges.get(property_) not in _BEHIND:
                self._add_names(build, name, names, iris)
        elif form == "tagged":
            for language in LANGUAGES:
                texts = {
                    thing: " | ".join(str(value_of(t, form)) for t in terms if type_of(t) == f"@{language}")
                    or None
                    for thing, terms in each.items()
                }
                build.add(
                    f"{name}_{language}",
                    "text",
                    in_language(names, language),
                    texts.get,
                    language=language,
                    **more,
                )
        else:
            joined = {
                thing: " | ".join(str(value_of(t, "text")) for t in terms) for thing, terms in each.items()
            }
            build.add(name, "text", names, joined.get, **more)

    def _add_names(self, build: Build, name: str, names: Titles, iris: dict[str, list[Value]]) -> None:
        """Add the names of what a column refers to, where that has names."""
        labels = {
            thing: "; ".join(filter(None, (shown(self._labels.get(str(iri), {})) for iri in values))) or None
            for thing, values in iris.items()
        }
        if any(labels.values()):
            build.add(f"{name}_label", "text", titles("label", names), labels.get, repeats=True)

    def _add_days(self, build: Build, property_: str, name: str, texts: dict[str, Value]) -> None:
        """Add the first and the last day of a date text; what has one date began and ended on it."""
        if property_ == CICA.date:
            for other in (CICA.start, CICA.end):
                if not any(other in said for said in build.things.values()):
                    self._add_days(build, other, column_name(other), {})
        elif property_ in (CICA.start, CICA.end):
            dated = {
                t: value_of(said[CICA.date][0], "text")
                for t, said in build.things.items()
                if CICA.date in said
            }
            texts = dated | texts
        both = {thing: bounds(str(text)) for thing, text in texts.items() if text is not None}
        for number, (side, bound) in enumerate(zip(("earliest", "latest"), DATED[property_], strict=True)):
            days = {thing: days[number] for thing, days in both.items() if days is not None}
            build.add(
                f"{name}_{side}",
                "date",
                titles(side, self._titles(property_)),
                days.get,
                property=bound,
                repeats=True,
            )

    def _target(self, property_: str, values: Any) -> str | None:
        """Return the table that the values of a property stand in: that of their kind, else of all things."""
        wanted = self._terms.ranges.get(property_)
        classes = {kind: TERMS_NAMESPACE + kind.capitalize() for kind in self._kinds}
        fitting: list[str] = []
        if wanted is not None:
            fitting = [kind for kind in classes if self._terms.is_a(classes[kind], wanted)]
            # An aim is a topic: the table of topics holds it.
            fitting = fitting or [kind for kind in classes if self._terms.is_a(wanted, classes[kind])]
        if len(fitting) == 1 and all(self._of_thing.get(iri) == fitting[0] for iri in values):
            return plural(fitting[0])
        return THINGS if all(iri in self._of_thing for iri in values) else None

    def _of_property(self, property_: str, taken: set[str]) -> Table:
        each = self._many[property_]
        form = form_of((term for terms in each.values() for term in terms), single=False)
        names = self._titles(property_)
        rows = [(thing, value_of(t, form), type_of(t)) for thing, terms in each.items() for t in terms]
        beside = {"tagged": "language", "mixed": "type"}.get(form, "")
        name = unused(column_name(property_), ("thing", beside))
        target = self._target(property_, [value for _, value, _ in rows]) if form == "iri" else None
        columns = [
            Column("thing", "iri", titles("thing"), target=THINGS, required=True),
            Column(name, _type(form), names, property_, target=target, required=True),
        ]
        found: list[Row] = [row[:2] for row in rows]
        if beside:
            columns.append(Column(beside, "text", titles(beside), required=True))
            found = [(*row[:2], row[2].removeprefix("@") if form == "tagged" else row[2]) for row in rows]
        key = tuple(column.name for column in columns)
        return Table(unused(f"thing_{name}", taken), names, property_, tuple(columns), sorted(found), key)


def _type(form: Form) -> Type:
    return "text" if form == "tagged" or form == "mixed" else form
