# mypy: disable-error-code="untyped-decorator"
"""Coming in and going out: a tenant signs up, an invited member joins, somebody signs out."""

from typing import Annotated

import strawberry

from cordee_core.access.scope import Scope
from cordee_core.access.tokens import authenticate
from cordee_core.database.unit_of_work import Changed, UnitOfWork
from cordee_core.errors import InputError, UnauthenticatedError
from cordee_core.members.accept_invitation import AcceptDraft, accept_invitation, accept_scope
from cordee_core.members.end_membership import sign_out
from cordee_core.members.renew_token import renew_token
from cordee_core.tenants.sign_up import SignUpDraft, sign_up, sign_up_scope
from cordee_graphql.context import Info, Installation
from cordee_graphql.enums import Language
from cordee_graphql.failures import user_error
from cordee_graphql.guards import PUBLIC
from cordee_graphql.inputs import INPUT, submit
from cordee_graphql.mutation import Payload, attempt
from cordee_graphql.nodes import load_node
from cordee_graphql.types.member import Member
from cordee_graphql.types.tenant import Tenant


@strawberry.input(description="An organisation that subscribes, and its first administrator.")
class TenantSignUpInput:
    """What an organisation gives to subscribe."""

    name: str = strawberry.field(description="The organisation's name, at most 200 characters.")
    slug: str = strawberry.field(
        description="Its short name: 3 to 40 lower-case letters, digits or hyphens; unique."
    )
    plan: str = strawberry.field(description="Code of one of `plans`.")
    admin_name: str = strawberry.field(description="How the first administrator is shown.")
    admin_email: str = strawberry.field(description="The first administrator's e-mail address.")
    language: Language = strawberry.field(
        default=Language.FR, description="The organisation's language."
    )

    def draft(self) -> SignUpDraft:
        """Return what the use case takes."""
        return SignUpDraft(
            name=self.name, slug=self.slug, plan=self.plan, admin_name=self.admin_name,
            admin_email=self.admin_email, language=self.language.value,
        )  # fmt: skip


@strawberry.input(description="An invitation that is accepted.")
class InvitationAcceptInput:
    """The code, and a name."""

    code: str = strawberry.field(description="The code of the invitation; it works once.")
    display_name: str | None = strawberry.field(
        default=None, description="How you want to be shown, if not as the invitation says."
    )

    def draft(self) -> AcceptDraft:
        """Return what the use case takes."""
        return AcceptDraft(code=self.code, display_name=self.display_name)


@strawberry.type
class SignInPayload(Payload):
    """Base of payloads that bring a token."""

    @strawberry.field(
        description="The bearer token, for the header `Authorization: Bearer …`. Shown only now; "
        "only its hash is kept. It holds for 90 days or until `signOut`."
    )
    def token(self) -> str | None:
        """Return the new token."""
        return self.once.get("token")

    @strawberry.field(description="The membership that the token stands for.")
    async def member(self, info: Info) -> Member | None:
        """Return the new member, read by themselves."""
        return await load_node(info, Member, self.changed.get("member"))

    @strawberry.field(description="The organisation.")
    async def tenant(self, info: Info) -> Tenant | None:
        """Return the tenant, read by the new member."""
        if "member" not in self.changed:
            return None
        return await load_node(info, Tenant, info.context.operation.scope.tenant)


@strawberry.type(description="The new organisation, and the token of its first administrator.")
class TenantSignUpPayload(SignInPayload):
    """Payload of ``tenantSignUp``."""


@strawberry.type(description="The new membership and its token.")
class InvitationAcceptPayload(SignInPayload):
    """Payload of ``invitationAccept``."""


@strawberry.type(description="The same membership with a new token.")
class TokenRenewPayload(SignInPayload):
    """Payload of ``tokenRenew``."""


@strawberry.type(description="Whether the token was revoked.")
class SignOutPayload(Payload):
    """Payload of ``signOut``."""

    @strawberry.field(description="True where the token that was used holds no more.")
    def signed_out(self) -> bool:
        """Return whether it was done."""
        return bool(self.changed)


@strawberry.type
class AccessMutations:
    """Mutations that need no token, and the one that ends it."""

    @strawberry.mutation(
        metadata=PUBLIC,
        description="Subscribe: make the organisation and its first administrator. "
        "Needs no token; gives one.",
    )
    async def tenant_sign_up(
        self, info: Info, given: Annotated[TenantSignUpInput, INPUT]
    ) -> TenantSignUpPayload | None:
        """Make a tenant."""
        of, operation = _installation(info), info.context.operation
        scope = sign_up_scope(of.keys, of.host, operation.language, operation.request_id)
        made = await submit(info, TenantSignUpPayload, "tenantSignUp", sign_up, given, scope=scope)
        await _sign_in(info, made)
        return made

    @strawberry.mutation(
        metadata=PUBLIC,
        description="Accept an invitation: account and membership come to be. "
        "Needs no token; gives one. The code works once, for 7 days.",
    )
    async def invitation_accept(
        self, info: Info, given: Annotated[InvitationAcceptInput, INPUT]
    ) -> InvitationAcceptPayload | None:
        """Make an account and a membership."""
        try:
            scope = await _joining(info, given.code)
        except InputError as error:
            language = info.context.operation.language
            return InvitationAcceptPayload(user_errors=[user_error(error, language)])
        joined = await submit(
            info, InvitationAcceptPayload, "invitationAccept", accept_invitation, given, scope=scope
        )
        await _sign_in(info, joined)
        return joined

    @strawberry.mutation(
        description="Replace the token of this request by a new one. Any member may. "
        "The former one holds for 5 more minutes."
    )
    async def token_renew(self, info: Info) -> TokenRenewPayload | None:
        """Issue a further token."""
        return await attempt(
            info, TokenRenewPayload, "tokenRenew", _renew_token, lambda: info.context.token
        )

    @strawberry.mutation(description="Revoke the token of this request. Any member may.")
    async def sign_out(self, info: Info) -> SignOutPayload | None:
        """Revoke the token that is used."""
        return await attempt(info, SignOutPayload, "signOut", _sign_out, lambda: info.context.token)


async def _renew_token(uow: UnitOfWork, token: str | None) -> Changed:
    if token is None:
        raise UnauthenticatedError
    return await renew_token(uow, token)


async def _sign_out(uow: UnitOfWork, token: str | None) -> Changed:
    if token is None:
        raise UnauthenticatedError
    return await sign_out(uow, token)


def _installation(info: Info) -> Installation:
    found = info.context.installation
    if found is None:
        raise RuntimeError("this context signs nobody in: it has no installation")
    return found


async def _joining(info: Info, code: str) -> Scope:
    of, operation = _installation(info), info.context.operation
    await operation.settle()
    return await accept_scope(
        of.engine, of.keys, of.host, code, operation.language, operation.request_id
    )


async def _sign_in(info: Info, payload: Payload) -> None:
    """Let the payload's objects be read by the new member."""
    if "token" not in payload.once:
        return
    of, operation = _installation(info), info.context.operation
    operation.go_on_as(
        await authenticate(
            of.engine, of.host, of.keys, payload.once["token"],
            language=operation.language, request_id=operation.request_id,
        )
    )  # fmt: skip
