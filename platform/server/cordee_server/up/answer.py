"""What `cordee up` says once all is ready: addresses, tokens, and something to paste."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

if TYPE_CHECKING:
    from cordee_core.demo import DemoTenant

QUERY = "{ cases(first: 3) { totalCount nodes { number stage person { givenNames familyName } } } }"


def ready_content(
    address: str, tenants: Sequence["DemoTenant"], database_url: str | None
) -> dict[str, object]:
    """Return what the ready file holds."""
    content: dict[str, object] = {
        "graphql": f"{address}/graphql",
        "ready": f"{address}/readyz",
        "tenants": [{"slug": one.slug, "tokens": dict(one.tokens)} for one in tenants],
    }
    if database_url is not None:
        content["database_url"] = database_url
    return content


def show(console: Console, address: str, tenants: Sequence["DemoTenant"], logs: Path) -> None:
    """Print the GraphQL address, the tokens of each tenant and role, and a query to paste."""

    def line(text: str = "") -> None:
        console.print(text, highlight=False, soft_wrap=True)

    line()
    line(f"GraphQL   [bold]{address}/graphql[/bold]   (open it in a browser for GraphiQL)")
    line(f"Ready     {address}/readyz")
    line(f"Logs      {logs}")
    for tenant in tenants:
        line()
        line(f"[bold]{tenant.name}[/bold] ({tenant.slug}): tokens, new at each start")
        for role, token in tenant.tokens.items():
            line(f"  {role:<12} {token}")
    if tenants:
        token = tenants[0].tokens["referent"]
        line()
        line("A query to paste:")
        console.print(f"  {QUERY}", highlight=False, markup=False, soft_wrap=True)
        console.print(
            f"  curl -s {address}/graphql -H 'Authorization: Bearer {token}'"
            f" -H 'Content-Type: application/json' -d '{{\"query\":\"{QUERY}\"}}'",
            highlight=False,
            markup=False,
            soft_wrap=True,
        )
    line()
    line("Ctrl-C stops everything.")
