"""The ground on which the staff of a tenant is tested: a programme in force, cases, members."""

import secrets
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from cordee_core.access.scope import Scope
from cordee_core.access.tokens import authenticate
from cordee_core.cases.open_case import CaseDraft, open_case
from cordee_core.cases.tables import Case, Designation, TimelineEntry
from cordee_core.database.engine import CordeeEngine, fetch
from cordee_core.database.rows import find
from cordee_core.database.unit_of_work import perform
from cordee_core.errors import CordeeError
from cordee_core.languages import Language
from cordee_core.members.accept_invitation import AcceptDraft, accept_invitation, accept_scope
from cordee_core.members.invite_member import InviteDraft, invite_member
from cordee_core.people.register_person import PersonDraft, register_person
from cordee_core.programmes.activate_programme import ActivateDraft, activate_programme
from cordee_core.programmes.copy_programme import CopyDraft, copy_programme
from cordee_core.referents.designate_referent import DesignationDraft, designate_referent

DAY = date(2026, 1, 15)


@dataclass
class Ground:
    """A tenant whose programme is in force; `do` acts in a role or as a scope."""

    engine: CordeeEngine
    cluster: Any
    tenancy: Any
    programme: UUID = field(init=False)

    def scope(self, who: str | Scope) -> Scope:
        return self.tenancy[who] if isinstance(who, str) else who

    async def do(self, who: str | Scope, use_case: Any, draft: Any) -> Any:
        return (await perform(self.engine, self.scope(who), "test", use_case, draft)).changed

    async def refused(self, who: str | Scope, use_case: Any, draft: Any) -> CordeeError:
        """Do what must be refused; return the error, once nothing was written."""
        before = await self.written()
        with pytest.raises(CordeeError) as caught:
            await self.do(who, use_case, draft)
        assert await self.written() == before
        return caught.value

    async def written(self) -> dict[str, int]:
        """How many rows of the tenant stand in each table that this part writes."""
        tables = (
            "cases", "designations", "timeline_entries", "staff_overrides", "members", "roles",
            "interest_conflicts", "case_intensities", "conduct_acceptances", "member_trainings",
            "field_assignments", "field_reports", "supervision_sessions", "ethics_consultations",
            "conferences", "outbox",
        )  # fmt: skip
        counts = ", ".join(f"(SELECT count(*) FROM core.{one}) AS {one}" for one in tables)
        versions = "(SELECT sum(row_version) FROM core.cases) AS versions"
        return dict((await self.rows(f"SELECT {counts}, {versions}"))[0])

    async def rows(self, query: str, *args: object) -> list[Any]:
        async with self.engine.transaction(cordee__context=self.tenancy["admin"].signed()):
            return await fetch(query, *args)

    async def case(self, case: UUID) -> dict[str, Any]:
        async with self.engine.transaction(cordee__context=self.tenancy["supervisor"].signed()):
            return await find(Case, case)

    async def history(self, case: UUID) -> list[dict[str, Any]]:
        """The designations of a case, oldest first."""
        async with self.engine.transaction(cordee__context=self.tenancy["supervisor"].signed()):
            query = Designation.select().where(Designation.case_id == case)
            return list(await query.order_by(Designation.starts_at))

    async def told(self, case: UUID) -> list[str]:
        """The kinds of the case's timeline."""
        async with self.engine.transaction(cordee__context=self.tenancy["supervisor"].signed()):
            query = TimelineEntry.select().where(TimelineEntry.case_id == case)
            return [row["kind"] for row in await query.order_by(TimelineEntry.seq)]

    async def open(self, *, team: UUID | None = None, languages: tuple[str, ...] = ()) -> UUID:
        """Open a case at intake for somebody new."""
        draft = PersonDraft(family_name=f"Étoile {secrets.token_hex(3)}", languages=languages)
        person = (await self.do("referent", register_person, draft))["person"]
        opened = CaseDraft(
            person=person, programme=self.programme, request_source="self", requested_on=DAY,
            team=team,
        )  # fmt: skip
        return (await self.do("referent", open_case, opened))["case"]

    async def designate(self, case: UUID, member: UUID, **more: Any) -> Any:
        draft = DesignationDraft(
            case=case, row_version=(await self.case(case))["row_version"], member=member, **more
        )
        return await self.do("supervisor", designate_referent, draft)

    async def not_designated(self, case: UUID, member: UUID, **more: Any) -> CordeeError:
        draft = DesignationDraft(
            case=case, row_version=(await self.case(case))["row_version"], member=member, **more
        )
        return await self.refused("supervisor", designate_referent, draft)

    async def hire(self, role: str = "referent", **more: Any) -> Scope:
        """Invite somebody and have them join; return the scope in which they act."""
        name = f"{role}-{secrets.token_hex(4)}"
        draft = InviteDraft(
            email=f"{name}@{self.tenancy.slug}.example", display_name=name,
            roles=more.pop("roles", (role,)), **more,
        )  # fmt: skip
        keys, host = self.cluster.keys, self.tenancy["admin"].host
        invited = await perform(
            self.engine, self.tenancy["admin"], "memberInvite", invite_member, draft
        )
        code = invited.once["code"]
        joining = await accept_scope(self.engine, keys, host, code, "fr")
        joined = await perform(
            self.engine, joining, "invitationAccept", accept_invitation, AcceptDraft(code=code)
        )
        return await authenticate(self.engine, host, keys, joined.once["token"], language="fr")

    async def model(self, statement: str, *args: object) -> None:
        """Change the models of the tenant as an owner could: ``definition = …``."""
        connection = await asyncpg.connect(self.cluster.superuser_url())
        try:
            for table in ("models", "model_versions"):
                await connection.execute(
                    f"UPDATE core.{table} SET definition = {statement} WHERE tenant_id = $1",
                    self.tenancy.id, *args,
                )  # fmt: skip
        finally:
            await connection.close()

    async def stage(self, case: UUID, stage: str) -> None:
        """Put a case into a stage, whatever stands against it."""
        connection = await asyncpg.connect(self.cluster.superuser_url())
        try:
            await connection.execute("SET session_replication_role = replica")
            await connection.execute("UPDATE core.cases SET stage = $1 WHERE id = $2", stage, case)
        finally:
            await connection.close()

    async def norm(self, recommended: int, maximum: int) -> None:
        """Set the caseload norm of the tenant's models."""
        await self.model(
            "jsonb_set(jsonb_set(definition, '{caseload,recommended}', to_jsonb($2::int)),"
            " '{caseload,maximum}', to_jsonb($3::int))",
            recommended, maximum,
        )  # fmt: skip


async def make_ground(engine: CordeeEngine, cluster: Any, tenancy: Any) -> Ground:
    """Put a programme of the tenant in force."""
    ground = Ground(engine, cluster, tenancy)
    copied = await ground.do(
        "supervisor", copy_programme, CopyDraft(template="housing.support_to_housing")
    )
    ground.programme = copied["programme"]
    activate = ActivateDraft(programme=ground.programme, row_version=1)
    await ground.do("supervisor", activate_programme, activate)
    return ground


def said(error: CordeeError, language: Language) -> str:
    """The text of an error in a language."""
    from cordee_core.languages import pick, say

    params = {
        name: pick(value, language) if isinstance(value, dict) else value
        for name, value in error.params.items()
    }
    return say("errors", error.code, language, **params)


def acting(scope: Scope, **changed: Any) -> Scope:
    """The scope with something changed."""
    return replace(scope, **changed)
