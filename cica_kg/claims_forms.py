"""Judged claims as text, CSV, JSON or Markdown."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final, Protocol

from pyoxigraph import Literal, NamedNode, Store

from cica_kg.claims import Judged, passage
from cica_kg.errors import OutsideError, UsageError
from cica_kg.text import harmless, json_text, markdown
from cica_kg.vocabulary import CICA, shorten

FORMATS: Final = ("text", "csv", "json", "md")

_COLUMNS: Final = (
    "claim",
    "source",
    "about",
    "property",
    "claimed",
    "as_of",
    "verdict",
    "decided_by",
    "since",
    "right_then",
    "computed",
    "reason",
    "disagrees_with",
    "locator",
    "passage",
)
_WORDS: Final = {
    "en": {
        "agrees": "agrees",
        "outdated": "outdated",
        "contradicted": "contradicted",
        "undecided": "undecided",
        "not-checkable": "not checkable",
        "since": "since {}",
        "graph": "the graph has: {}",
        "editors": "by the editors' judgement",
        "then": "right on its own date ({}): {}",
        "yes": "yes",
        "no": "no",
        "partly": "on some of the days",
        "open": "open",
        "disagrees": "another claim says otherwise: {}",
        "where": "{} of {}",
    },
    "ar": {
        "agrees": "مطابقة",
        "outdated": "تجاوزها الزمن",
        "contradicted": "مخالفة للوقائع",
        "undecided": "غير محسومة",
        "not-checkable": "لا يمكن التحقق منها",
        "since": "منذ {}",
        "graph": "في الرسم البياني: {}",
        "editors": "بحكم المحررين",
        "then": "صحتها في تاريخها ({}): {}",
        "yes": "صحيحة",
        "no": "غير صحيحة",
        "partly": "في بعض الأيام",
        "open": "غير محسومة",
        "disagrees": "إفادة أخرى تقول غير ذلك: {}",
        "where": "{} من {}",
    },
}


class Labeller(Protocol):
    """Gives the label of an IRI and its language, best of some languages; or None."""

    def __call__(self, iri: str, languages: tuple[str, ...] = ...) -> tuple[str, str] | None:
        """Return label and language."""


def write(
    found: Sequence[Judged],
    format_: str,
    languages: tuple[str, ...],
    label: Labeller,
    texts: Mapping[str, str],
) -> bytes:
    """Serialise judged claims as UTF-8.

    Args:
        found: the claims.
        format_: one of FORMATS.
        languages: of names and reasons, best first.
        label: gives labels.
        texts: source IRI → its full text, where the user has a copy.
    """

    def name(iri: str) -> str:
        known = label(iri, languages)
        return known[0] if known else shorten(iri) or iri

    if format_ == "text":
        words = next((_WORDS[language] for language in languages if language in _WORDS), _WORDS["en"])
        return "\n".join(_paragraph(judged, words, languages, name, texts) for judged in found).encode()
    rows = [_row(judged, languages, texts) for judged in found]
    if format_ == "json":
        return json_text(rows).encode()
    if format_ == "csv":
        import csv
        import io

        out = io.StringIO(newline="")
        writer = csv.DictWriter(out, _COLUMNS, lineterminator="\r\n")
        writer.writeheader()
        writer.writerows(rows)
        return out.getvalue().encode()
    return _markdown(found, name).encode()


def read_texts(folder: Path, store: Store) -> dict[str, str]:
    """Return source IRI → text for each file in `folder` whose SHA-256 is that of a source.

    Raises:
        UsageError: the folder is not there, or no file in it is a copy of a source.
        OutsideError: a file cannot be read.
    """
    if not folder.is_dir():
        raise UsageError(f"{folder}: there is no such folder")
    hashes = {
        quad.object.value: quad.subject.value
        for quad in store.quads_for_pattern(None, NamedNode(CICA.sha256), None, None)
        if isinstance(quad.object, Literal) and isinstance(quad.subject, NamedNode)
    }
    found = {}
    for path in sorted(folder.iterdir()):
        if path.is_file():
            try:
                content = path.read_bytes()
            except OSError as error:
                raise OutsideError(f"{path} cannot be read: {error.strerror}") from None
            source = hashes.get(hashlib.sha256(content).hexdigest())
            if source is not None:
                found[source] = content.decode()
    if not found:
        raise UsageError(
            f"{folder} holds no unchanged copy of an article (their SHA-256 is in data/sources.ttl)"
        )
    return found


def _row(judged: Judged, languages: tuple[str, ...], texts: Mapping[str, str]) -> dict[str, str | None]:
    text = texts.get(judged.source)
    return {
        "claim": judged.claim,
        "source": judged.source,
        "about": judged.about,
        "property": judged.on_property,
        "claimed": judged.claimed,
        "as_of": judged.as_of,
        "verdict": judged.verdict,
        "decided_by": judged.decided_by,
        "since": judged.since.isoformat() if judged.since else None,
        "right_then": judged.right_then,
        "computed": judged.computed or None,
        "reason": _reason(judged, languages),
        "disagrees_with": " ".join(judged.disagrees_with) or None,
        "locator": judged.locator,
        "passage": passage(text, judged.locator) if text else None,
    }


def _reason(judged: Judged, languages: tuple[str, ...]) -> str | None:
    return next((judged.reasons[lang] for lang in (*languages, "en", "ar") if lang in judged.reasons), None)


def _paragraph(
    judged: Judged,
    words: Mapping[str, str],
    languages: tuple[str, ...],
    name: Callable[[str], str],
    texts: Mapping[str, str],
) -> str:
    claimed = name(judged.claimed) if judged.claimed_is_thing else judged.claimed
    verdict = words[judged.verdict]
    if judged.since:
        verdict += " " + words["since"].format(judged.since)
    if judged.decided_by == "editors":
        verdict += f" ({words['editors']})"
    lines = [
        f"{name(judged.about)} – {name(judged.on_property)} – {claimed}",
        f"  {verdict}",
        f"  {words['then'].format(judged.as_of, words[judged.right_then])}",
    ]
    if judged.computed:
        shown = name(judged.computed) if "://" in judged.computed else judged.computed
        lines.append("  " + words["graph"].format(shown))
    if reason := _reason(judged, languages):
        lines.append(f"  {reason}")
    lines += ["  " + words["disagrees"].format(shorten(other) or other) for other in judged.disagrees_with]
    lines.append("  " + words["where"].format(judged.locator, shorten(judged.source) or judged.source))
    if text := texts.get(judged.source):
        lines.append(f"  “{passage(text, judged.locator)}”")
    return "".join(f"{harmless(line)}\n" for line in lines)


def _markdown(found: Sequence[Judged], name: Callable[[str], str]) -> str:
    lines = [
        "| about | property | claimed | verdict | since | right then | graph |",
        "|---|---|---|---|---|---|---|",
    ]
    for j in found:
        claimed = name(j.claimed) if j.claimed_is_thing else j.claimed
        computed = name(j.computed) if "://" in j.computed else j.computed
        cells = (
            name(j.about),
            name(j.on_property),
            claimed,
            j.verdict,
            str(j.since or ""),
            j.right_then,
            computed,
        )
        lines.append(f"| {' | '.join(markdown(harmless(cell)) for cell in cells)} |")
    return "".join(f"{line}\n" for line in lines)
