"""The demonstration can be loaded twice: the same tenants, new tokens."""

from typing import Any

import pytest

from cordee_core.access.tokens import authenticate
from cordee_core.database.engine import CordeeEngine, bind
from cordee_core.database.tables import DECLARED
from cordee_core.demo import load
from cordee_core.errors import UnauthenticatedError
from cordee_core.plugins.host import PluginHost


async def test_a_second_start_finds_the_tenants_and_mints_new_tokens(
    engine: CordeeEngine, cluster: Any
) -> None:
    host = PluginHost.discover(strict=True)
    try:
        first = await load(cluster.app, cluster.keys, host)
        second = await load(cluster.app, cluster.keys, PluginHost.discover(strict=True))
    finally:
        bind(engine, list(DECLARED.values()))
    assert [one.slug for one in first] == [one.slug for one in second]
    for one in first:
        roles = {"admin", "supervisor", "referent", "team_member", "reader", "person"}
        assert set(one.tokens) == roles
    scope = await authenticate(engine, host, cluster.keys, second[0].tokens["person"])
    assert scope.member is not None
    assert scope.member.person_id is not None
    with pytest.raises(UnauthenticatedError):
        await authenticate(engine, host, cluster.keys, first[0].tokens["person"])
