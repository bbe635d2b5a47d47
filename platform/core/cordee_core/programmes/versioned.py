"""Models, methods and vocabularies: one object with versions each, copied or written, then edited.

Every change makes a new version at once, and cases keep the one that they were opened under.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from cordee_core.access.permissions import Permission
from cordee_core.access.scope import Scope
from cordee_core.database.rows import change, find, insert
from cordee_core.database.unit_of_work import Changed, UnitOfWork
from cordee_core.errors import NotFoundError
from cordee_core.programmes.adaptation import NOTHING_SAID, Account, adapted, copied
from cordee_core.programmes.checking import checked
from cordee_core.programmes.method import parse_method
from cordee_core.programmes.model import parse_model
from cordee_core.programmes.queries import has_code
from cordee_core.programmes.tables import (
    Method,
    MethodVersion,
    Model,
    ModelVersion,
    Vocabulary,
    VocabularyVersion,
)
from cordee_core.validation import need_text, problem
from cordee_core.vocabularies import core_vocabularies, parse_vocabulary


class Definition(Protocol):
    """A model, a method or a vocabulary."""

    @property
    def code(self) -> str:
        """Its code."""
        ...

    @property
    def version(self) -> str:
        """The version of the definition."""
        ...

    def to_json(self) -> dict[str, object]:
        """Return what is stored."""
        ...


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of object: its tables, its parser, where templates are, how the API calls it."""

    name: str
    content: str
    table: Any
    versions: Any
    parse: Callable[[Mapping[str, object]], Definition]

    @property
    def key(self) -> str:
        """Name of the column of a version that points to its object."""
        return f"{self.name.lower()}_id"


MODEL = Kind("Model", "models", Model, ModelVersion, parse_model)
METHOD = Kind("Method", "methods", Method, MethodVersion, parse_method)
VOCABULARY = Kind("Vocabulary", "vocabularies", Vocabulary, VocabularyVersion, parse_vocabulary)


@dataclass(frozen=True, kw_only=True, slots=True)
class NewDefinition:
    """A code of the tenant's own, and the parts."""

    code: str
    parts: Mapping[str, object]


@dataclass(frozen=True, kw_only=True, slots=True)
class CopyDefinition:
    """The template's code, and the code that the copy gets here."""

    template: str
    code: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class EditDefinition:
    """Parts that replace those of the same name, None to remove one, and what is said of it."""

    identifier: UUID
    row_version: int
    parts: Mapping[str, object]
    account: Account = NOTHING_SAID


Create = Callable[[UnitOfWork, NewDefinition], Awaitable[Changed]]
Copy = Callable[[UnitOfWork, CopyDefinition], Awaitable[Changed]]
Edit = Callable[[UnitOfWork, EditDefinition], Awaitable[Changed]]


def creator(kind: Kind) -> Create:
    """Return the use case that writes an object from nothing.

    It raises InvalidInputError where the code is taken or a plugin's, or a part is wrong.
    """

    async def create(uow: UnitOfWork, draft: NewDefinition) -> Changed:
        uow.scope.require(Permission.PROGRAMME_MANAGE)
        code = own_code(uow.scope, draft.code)
        await _refuse_taken(kind, code)
        raw = {**draft.parts, "code": code, "version": "1"}
        identifier = await store(uow.scope, kind, checked(kind.parse, raw, "input", "parts"))
        uow.touched(kind.name, identifier)
        return {kind.name.lower(): identifier}

    return create


def copier(kind: Kind) -> Copy:
    """Return the use case that copies a template of an enabled plugin, or of the core.

    It raises NotFoundError without such a template, InvalidInputError where the code is taken.
    """

    async def copy(uow: UnitOfWork, draft: CopyDefinition) -> Changed:
        uow.scope.require(Permission.PROGRAMME_MANAGE)
        found = template_of(uow.scope, kind, draft.template)
        if found is None:
            raise NotFoundError(path=("input", "template"))
        code = found.code if draft.code is None else own_code(uow.scope, draft.code)
        await _refuse_taken(kind, code)
        identifier = await store_copy(uow.scope, kind, found, code)
        uow.touched(kind.name, identifier)
        return {kind.name.lower(): identifier}

    return copy


def editor(kind: Kind) -> Edit:
    """Return the use case that changes an object: a new version.

    It raises StaleObjectError after another change, InvalidInputError where a part is wrong,
    NotFoundError without such an object.
    """

    async def edit(uow: UnitOfWork, draft: EditDefinition) -> Changed:
        scope = uow.scope
        scope.require(Permission.PROGRAMME_MANAGE)
        row = await find(kind.table, draft.identifier, lock=True)
        version = row["version"] + 1
        raw = {**row["definition"], **draft.parts, "code": row["code"], "version": str(version)}
        definition = checked(kind.parse, raw, "input", "parts").to_json()
        adaptation = adapted(scope, row["adaptation"], draft.parts, draft.account)
        values = {"definition": definition, "version": version, "adaptation": adaptation}
        await change(kind.table, draft.identifier, draft.row_version, values)
        await _store_version(scope, kind, draft.identifier, version, definition)
        uow.touched(kind.name, draft.identifier, fields=draft.parts)
        return {kind.name.lower(): draft.identifier}

    return edit


async def store(
    scope: Scope,
    kind: Kind,
    definition: Definition,
    *,
    template: str | None = None,
    adaptation: Mapping[str, Any] | None = None,
) -> UUID:
    """Store an object and its first version; return its id."""
    identifier, stored = scope.new_id(), definition.to_json()
    await insert(
        kind.table(
            tenant_id=scope.tenant, id=identifier, code=definition.code, template_code=template,
            adaptation=adaptation, definition=stored, version=1, created_at=scope.clock(),
            created_by=scope.actor.id,
        )
    )  # fmt: skip
    await _store_version(scope, kind, identifier, 1, stored)
    return identifier


async def store_copy(scope: Scope, kind: Kind, found: Definition, code: str) -> UUID:
    """Store a copy of a template under `code`; return its id."""
    copy = kind.parse({**found.to_json(), "code": code})
    record = copied(found.code, found.version)
    return await store(scope, kind, copy, template=found.code, adaptation=record)


def template_of(scope: Scope, kind: Kind, code: str) -> Definition | None:
    """Return the template of an enabled plugin, or of the core; None where there is none."""
    for plugin in scope.enabled:
        known: Mapping[str, Any] = scope.host.content[plugin].kind(kind.content)
        if code in known:
            found: Definition = known[code]
            return found
    return core_vocabularies().get(code) if kind is VOCABULARY else None


def own_code(scope: Scope, code: str) -> str:
    """Return a code of the tenant's own: ``<word>.<name>``, the word no plugin's name.

    Raises:
        InvalidInputError: it is a plugin's or the core's.
    """
    found = need_text(code, "input", "code", longest=100)
    owner = found.partition(".")[0]
    if owner == "core" or owner in scope.host.manifests:
        raise problem(
            ("input", "code"),
            "codes that start so belong to a plugin; start with a word of your own",
            "les codes qui commencent ainsi sont ceux d'un module ; commencez par un mot à vous",
        )
    return found


async def _refuse_taken(kind: Kind, code: str) -> None:
    if await has_code(kind.table, code):
        raise problem(("input", "code"), "this code is used already", "ce code est déjà utilisé")


async def _store_version(
    scope: Scope, kind: Kind, identifier: UUID, version: int, definition: Mapping[str, object]
) -> None:
    await insert(
        kind.versions(
            tenant_id=scope.tenant, id=scope.new_id(), version=version, definition=definition,
            created_at=scope.clock(), created_by=scope.actor.id, **{kind.key: identifier},
        )
    )  # fmt: skip


create_model, copy_model, edit_model = creator(MODEL), copier(MODEL), editor(MODEL)
create_method, copy_method, edit_method = creator(METHOD), copier(METHOD), editor(METHOD)
create_vocabulary, copy_vocabulary, edit_vocabulary = (
    creator(VOCABULARY),
    copier(VOCABULARY),
    editor(VOCABULARY),
)
