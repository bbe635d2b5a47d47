"""The one actor: delivers a row of the outbox to its plugin."""

from dataclasses import dataclass
from uuid import UUID

import dramatiq
import structlog
from dramatiq import Broker

from cordee_core.access.context import ContextKeys
from cordee_core.clock import Clock, now
from cordee_core.database.engine import CordeeEngine
from cordee_core.outbox.deliver import deliver
from cordee_core.plugins.host import PluginHost
from cordee_worker.broker import ACTOR, QUEUES

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Office:
    """What a delivery needs: the application's database, the context keys, the plugins."""

    engine: CordeeEngine
    keys: ContextKeys
    host: PluginHost
    clock: Clock = now


def declare_actors(broker: Broker, office: Office) -> None:
    """Make `broker` answer the messages of all queues with deliveries.

    An exception ends here: the row is still open in PostgreSQL and the relay sends it again.
    """

    @dramatiq.actor(actor_name=ACTOR, queue_name=QUEUES[0], broker=broker)
    async def deliver_message(tenant: str, message: str) -> None:
        try:
            done = await deliver(
                office.engine, office.keys, office.host, UUID(tenant), UUID(message),
                clock=office.clock,
            )  # fmt: skip
        except Exception as error:
            log.warning("delivery broken off", exc_info=error, tenant_id=tenant, outbox_id=message)
        else:
            log.debug("delivery", tenant_id=tenant, outbox_id=message, status=str(done))
