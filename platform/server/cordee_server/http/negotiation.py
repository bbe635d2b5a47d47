"""Which media type to answer in (GraphQL over HTTP, "Body"; RFC 9110 §12.5.1)."""

from cordee_core.languages import LANGUAGES, Language, negotiate

RESPONSE_JSON = "application/graphql-response+json"
JSON = "application/json"
HTML = "text/html"


def ranges(accept: str) -> list[tuple[float, str]]:
    """Return the media ranges in an ``Accept`` header with their weights, best first."""
    found: list[tuple[float, str]] = []
    for part in accept.split(",")[:50]:
        name, *parameters = (piece.strip().lower() for piece in part.split(";"))
        weight = next((p[2:] for p in parameters if p.startswith("q=")), "1")
        try:
            quality = float(weight)
        except ValueError:
            continue
        if name and 0 < quality <= 1:
            found.append((quality, name))
    return sorted(found, key=lambda pair: -pair[0])


def response_type(accept: str) -> str:
    """Return which JSON type to answer in: the better liked, else ``application/json``."""
    best = next((name for _, name in ranges(accept) if name in (RESPONSE_JSON, JSON)), JSON)
    return f"{best}; charset=utf-8"


def wants_page(accept: str) -> bool:
    """Return whether the caller likes HTML better than JSON, as browsers do."""
    liked = next((n for _, n in ranges(accept) if n in (RESPONSE_JSON, JSON, HTML)), None)
    return liked == HTML


def language_of(header: str | None) -> Language | None:
    """Return the language that an ``Accept-Language`` header asks for; None if not one of ours."""
    if not header:
        return None
    answers: set[Language] = {negotiate(header.lower(), fallback) for fallback in LANGUAGES}
    return answers.pop() if len(answers) == 1 else None
