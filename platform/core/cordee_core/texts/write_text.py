"""A tenant writes what its persons read, in any language; each version stays."""

from dataclasses import dataclass

from cordee_core.access.permissions import Permission
from cordee_core.database.rows import insert
from cordee_core.database.turns import take_turn
from cordee_core.database.unit_of_work import Changed, UnitOfWork
from cordee_core.texts.queries import current_texts
from cordee_core.texts.tables import PersonText
from cordee_core.validation import need_language, need_one_of, need_text

CODES = ("information_sheet", "consent", "appeal_route", "complaint_route", "rights", "closing")


@dataclass(frozen=True, kw_only=True, slots=True)
class PersonTextDraft:
    """Which text, in which language (ISO 639), and how it reads."""

    code: str
    language: str
    text: str


async def write_text(uow: UnitOfWork, draft: PersonTextDraft) -> Changed:
    """Write the next version of the text in that language. Raises InvalidInputError."""
    scope = uow.scope
    scope.require(Permission.TENANT_MANAGE)
    code = need_one_of(draft.code, CODES, "input", "code")
    language = need_language(draft.language, "input", "language")
    text = need_text(draft.text, "input", "text", longest=50_000)
    # Two writers of one text take turns, so that versions have no gap and no double.
    await take_turn(scope.tenant, f"{code}|{language}")
    known = (await current_texts(code)).get(language)
    identifier = scope.new_id()
    await insert(
        PersonText(
            tenant_id=scope.tenant, id=identifier, code=code, language=language,
            version=known["version"] + 1 if known else 1, text=text, written_by=scope.actor.id,
            written_at=scope.clock(),
        )
    )  # fmt: skip
    uow.touched("PersonText", identifier)
    return {"text": identifier}
