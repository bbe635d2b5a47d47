"""Methods: how an episode of support is done, as an object of its own and inside a programme."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import msgspec

from cordee_core.definitions import (
    DefinitionError,
    Fields,
    Source,
    at,
    code,
    name,
    natural,
    source,
    string,
    text,
    unique,
)
from cordee_core.languages import Text
from cordee_core.programmes.schedules import Schedule, schedule


@dataclass(frozen=True, slots=True)
class Episode:
    """One step of a method, with the sign that it is done; `contacts` is how many it takes."""

    code: str
    name: Text
    done_when: Text
    contacts: int | None = None
    instruments: tuple[str, ...] = ()
    schedule: Schedule | None = None


@dataclass(frozen=True, slots=True)
class MethodTemplate:
    """A method with its episodes in order: a plugin's offer, or the organisation's own."""

    code: str
    version: str
    title: Text
    description: Text
    episodes: tuple[Episode, ...]
    sources: tuple[Source, ...] = ()

    def to_json(self) -> dict[str, object]:
        """Return the method as `parse_method` takes it back."""
        return dict(msgspec.to_builtins(self))


@dataclass(frozen=True, slots=True)
class Method:
    """A method as a programme has it, under a code of the programme.

    With `uses`, it is the method of that code, in the `version` that stood when the programme was
    written or activated; name, description and episodes are then taken from there.
    """

    code: str
    name: Text
    description: Text
    episodes: tuple[Episode, ...] = ()
    uses: str | None = None
    version: int | None = None

    def taking(self, found: MethodTemplate, version: int | None) -> "Method":
        """Return this method with what `found` says."""
        return replace(
            self,
            name=found.title,
            description=found.description,
            episodes=found.episodes,
            version=version,
        )


def parse_method(raw: Mapping[str, object]) -> MethodTemplate:
    """Return the method that `raw` defines; it has at least one episode, each once.

    Raises:
        DefinitionError: something is missing, unknown or untranslated.
    """
    fields = Fields(raw, "", ("code", "version", "title", "description", "episodes", "sources"))
    found = _episodes(fields)
    if not found:
        raise DefinitionError("episodes", "at least one is needed")
    return MethodTemplate(
        code=fields.need("code", code),
        version=fields.need("version", string),
        title=fields.need("title", text),
        description=fields.need("description", text),
        episodes=found,
        sources=fields.all("sources", source),
    )


def method(raw: object, where: str) -> Method:
    """Return `raw` as a method of a programme: written here, or naming the one that it uses."""
    fields = Fields(raw, where, ("code", "name", "description", "episodes", "uses", "version"))
    uses = fields.maybe("uses", code)
    own = fields.need("code", name)
    if uses is None:
        title, told = fields.need("name", text), fields.need("description", text)
    else:
        title = fields.get("name", text, {"en": uses, "fr": uses})
        told = fields.get("description", text, title)
    return Method(
        code=own,
        name=title,
        description=told,
        episodes=_episodes(fields),
        uses=uses,
        version=fields.maybe("version", natural),
    )


def _episodes(fields: Fields) -> tuple[Episode, ...]:
    found = fields.all("episodes", _episode)
    unique((one.code for one in found), at(fields.where, "episodes"))
    return found


def _episode(raw: object, where: str) -> Episode:
    keys = ("code", "name", "done_when", "contacts", "instruments", "schedule")
    fields = Fields(raw, where, keys)
    return Episode(
        code=fields.need("code", name),
        name=fields.need("name", text),
        done_when=fields.need("done_when", text),
        contacts=fields.maybe("contacts", natural),
        instruments=fields.all("instruments", code),
        schedule=fields.maybe("schedule", schedule),
    )
