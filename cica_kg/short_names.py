"""Terms as N-Triples write them → names with prefixes, as a form of RDF writes these."""

from __future__ import annotations

from collections.abc import Mapping


class ShortNames(dict[str, str]):
    """Terms → names, each made when it is first asked for: subclasses say how.

    Attributes:
        used: the prefixes of those names.
    """

    def __init__(self, prefixes: Mapping[str, str]) -> None:
        """Take prefix → namespace, which ends in a slash or a hash, and no other begins with it."""
        super().__init__()
        self._slash, self._hash = (
            {f"<{space[:-1]}": prefix for prefix, space in prefixes.items() if space.endswith(end)}
            for end in "/#"
        )
        self.used: set[str] = set()

    def split(self, term: str) -> tuple[str | None, str]:
        """Return the prefix of an IRI, if there is one, and what follows its namespace, with the `>`."""
        space, _, local = term.rpartition("/")
        prefix = self._slash.get(space)
        if prefix is None:
            space, _, local = term.rpartition("#")
            prefix = self._hash.get(space)
        return prefix, local
