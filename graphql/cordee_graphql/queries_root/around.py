"""The people and places around a person, what they read, and who looked at their record."""

from typing import Annotated, Any

import strawberry

from cordee_core.access.permissions import Permission
from cordee_core.database.rows import find
from cordee_core.errors import NotFoundError
from cordee_core.households.queries import households
from cordee_core.journal.queries import JournalQuery, entries_like
from cordee_core.people.tables import Person
from cordee_core.places.queries import territories
from cordee_core.texts.queries import current_texts
from cordee_core.validation import need_language
from cordee_graphql.connection import After, Before, Connection, First, Last, connect
from cordee_graphql.context import Info
from cordee_graphql.ids import uuid_of
from cordee_graphql.planner.declare import by_id
from cordee_graphql.planner.loading import made
from cordee_graphql.types.around_enums import PersonTextCode
from cordee_graphql.types.declaring import field
from cordee_graphql.types.household import Household
from cordee_graphql.types.lists import listing, root_pages
from cordee_graphql.types.place import Territory
from cordee_graphql.types.voice import AccessLogEntry, PersonText, PersonTextAnswer

PersonId = Annotated[strawberry.ID, strawberry.argument(description="The person.")]
Code = Annotated[PersonTextCode, strawberry.argument(description="Which text.")]
InLanguage = Annotated[str, strawberry.argument(description="Any language (ISO 639).")]


@strawberry.type
class AroundQueries:
    """Root fields about households, territories, texts and the access log."""

    household = by_id("A household by its id.", Household)
    households = root_pages(
        "The households recorded, newest first. Null with `FORBIDDEN` without `person.read`.",
        Household,
        "households.newest",
        lambda _, __: households(),
        Permission.PERSON_READ,
    )
    territories = root_pages(
        "The areas that the organisation covers. Null with `FORBIDDEN` without `programme.read`.",
        Territory,
        "territories",
        lambda _, __: territories(),
        Permission.PROGRAMME_READ,
    )

    @field
    async def person_text(
        self, info: Info, code: Code, language: InLanguage
    ) -> PersonTextAnswer | None:
        """A text that persons read, in one language. Another one never takes its place.

        Null with `FORBIDDEN` without `programme.read`.
        """
        operation = info.context.operation
        operation.scope.require(Permission.PROGRAMME_READ)
        wanted = need_language(language, "language")
        async with operation.read():
            found = await current_texts(code.value)
        text = found.get(wanted)
        return PersonTextAnswer(
            code=code,
            language=wanted,
            missing=text is None,
            languages=sorted(found),
            text=None if text is None else made(PersonText, text),
        )

    @field
    async def access_log(
        self,
        info: Info,
        person_id: PersonId,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[AccessLogEntry] | None:
        """Who saw or changed a person's record, when and why, newest first.

        Null with `FORBIDDEN` without `journal.read`, which persons have for their own record.
        """
        person = uuid_of(person_id, "Person", "personId")
        own = info.context.operation.scope.own_only(Permission.JOURNAL_READ)
        if own not in (None, person):
            raise NotFoundError(path=("personId",))
        async with info.context.operation.read():
            await find(Person, person)
        rows = entries_like(JournalQuery(person=person))
        found: Any = listing("accessLog", rows, subject=lambda _: person)
        return await connect(
            info,
            found,
            lambda row: made(AccessLogEntry, row),
            first=first,
            after=after,
            last=last,
            before=before,
        )
