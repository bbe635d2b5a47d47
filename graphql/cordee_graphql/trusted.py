"""Trusted documents: texts that an installation knows by their SHA-256.

A store is a folder of JSON files, each an object from hash to text, as `cordee schema documents`
writes it. Clients name a document by ``extensions.persistedQuery.sha256Hash`` or ``documentId``;
nothing is registered by sending it.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, cast

from cordee_core.errors import BadRequestError, ConfigurationError, UnknownDocumentError

_HASH = re.compile(r"(?:sha256:)?([0-9a-fA-F]{64})")
_MALFORMED = {
    "en": "the hash of the document is no SHA-256 in 64 hexadecimal digits.",
    "fr": "l'empreinte du document n'est pas un SHA-256 de 64 chiffres hexadécimaux.",
}
_OTHER = {
    "en": "`query` and the hash of the document do not belong together.",
    "fr": "`query` et l'empreinte du document ne vont pas ensemble.",
}
_MISSING = {"en": "`query` is missing.", "fr": "`query` manque."}


def hash_of(text: str) -> str:
    """Return the name of a document: the SHA-256 of its UTF-8 text, in lower-case digits."""
    return hashlib.sha256(text.encode()).hexdigest()


class TrustedDocuments:
    """The documents of an installation; with `only`, nothing else is executed."""

    def __init__(self, documents: Mapping[str, str] | None = None, *, only: bool = False) -> None:
        self._documents = dict(documents or {})
        self.only = only

    def text(self, query: str | None, name: str | None) -> str:
        """Return the text that a request asks for, by itself or by its hash `name`.

        Raises:
            BadRequestError: it gives neither, or a hash that is none or is another text's.
            UnknownDocumentError: no document has the hash, or the text is none of those allowed.
        """
        if name is not None:
            name = _read_hash(name)
        if not query:
            if name is None:
                raise BadRequestError(problem=_MISSING)
            if name not in self._documents:
                raise UnknownDocumentError
            return self._documents[name]
        if name is not None and hash_of(query) != name:
            raise BadRequestError(problem=_OTHER)
        if self.only and hash_of(query) not in self._documents:
            raise UnknownDocumentError
        return query


def _read_hash(name: str) -> str:
    found = _HASH.fullmatch(name)
    if found is None:
        raise BadRequestError(problem=_MALFORMED)
    return found[1].lower()


def name_in(parameters: Mapping[str, Any]) -> str | None:
    """Return the hash that a request's parameters give, None where they give none.

    Raises:
        BadRequestError: ``extensions.persistedQuery`` holds no hash.
    """
    if parameters.get("documentId"):
        return str(parameters["documentId"])
    extension = (parameters.get("extensions") or {}).get("persistedQuery")
    if extension is None:
        return None
    name = extension.get("sha256Hash") if isinstance(extension, dict) else None
    if not isinstance(name, str):
        raise BadRequestError(problem=_MALFORMED)
    return name


def read_store(folder: Path) -> dict[str, str]:
    """Return the documents in all JSON files of `folder`, by hash.

    Raises:
        ConfigurationError: the folder or a file can't be read, or a text has another hash.
    """
    if not folder.is_dir():
        raise ConfigurationError(f"CORDEE_TRUSTED_DOCUMENTS: {folder} is no folder")
    found: dict[str, str] = {}
    for file in sorted(folder.glob("*.json")):
        found |= _read_file(file)
    return found


def _read_file(file: Path) -> dict[str, str]:
    try:
        raw = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        problem = f"{file} can't be read ({type(error).__name__})"
        raise ConfigurationError(f"CORDEE_TRUSTED_DOCUMENTS: {problem}") from None
    documents = cast("dict[str, Any]", raw) if isinstance(raw, dict) else {"": None}
    wrong = [k for k, v in documents.items() if not isinstance(v, str) or hash_of(v) != k]
    if wrong:
        problem = f"{file}: {wrong[0][:80]!r} is not the hash of a document"
        raise ConfigurationError(f"CORDEE_TRUSTED_DOCUMENTS: {problem}")
    return cast("dict[str, str]", documents)


def make_store(texts: Iterable[str]) -> str:
    """Return the JSON of a store with these texts, sorted by hash."""
    documents = {hash_of(text): text for text in texts}
    return json.dumps(documents, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
