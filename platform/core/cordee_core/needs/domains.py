"""Life domains: the core's or the organisation's own list, and what enabled plugins add."""

from collections.abc import Iterable, Mapping

from cordee_core.access.scope import Scope
from cordee_core.languages import Text
from cordee_core.programmes.tables import Vocabulary
from cordee_core.vocabularies import LIFE_DOMAINS, terms

ADDED = "life_domains"
"""The name of the vocabulary, ``<plugin>.life_domains``, in which a plugin adds its own."""


async def known_domains(scope: Scope) -> dict[str, Text]:
    """Return the life domains of the organisation, as `life_domains` does."""
    rows = await Vocabulary.select(Vocabulary.definition)
    return life_domains(scope, [row["definition"] for row in rows])


def life_domains(scope: Scope, own: Iterable[Mapping[str, object]]) -> dict[str, Text]:
    """Return the label of each life domain by code: those of every sector, then the plugins'.

    A domain that a plugin adds has its prefix, ``<plugin>.<entry>``. `own` are the definitions of
    the organisation, which go before those of core and plugins.
    """
    mine = list(own)
    content = [
        scope.host.content[plugin]
        for plugin in sorted(scope.enabled)
        if plugin in scope.host.content
    ]
    found: dict[str, Text] = {}
    for code in (LIFE_DOMAINS, *(f"{plugin}.{ADDED}" for plugin in sorted(scope.enabled))):
        vocabulary = terms(mine, content, code)
        prefix = "" if code == LIFE_DOMAINS else code.removesuffix(ADDED)
        entries = vocabulary.entries if vocabulary else ()
        found |= {f"{prefix}{entry.code}": entry.label for entry in entries}
    return found


def unexplored(domains: Mapping[str, Text], explored: set[str]) -> list[str]:
    """Return the life domains that nothing was asked of, in their order."""
    return [code for code in domains if code not in explored]
