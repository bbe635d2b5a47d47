"""A real PostgreSQL and a real Redis from PyPI, started below a data folder and stopped with us.

`EmbeddedPostgres` and `EmbeddedRedis` serve `cordee up` and the tests; an installation that serves
people brings its own servers.
"""

from cordee_core.embedded.place import temporary_data
from cordee_core.embedded.postgres import EmbeddedPostgres
from cordee_core.embedded.redis import EmbeddedRedis

__all__ = ["EmbeddedPostgres", "EmbeddedRedis", "temporary_data"]
