"""`cordee serve` whose schema has no planner: every field is resolved one by one."""

import functools
import os

import cordee_server.app
from cordee_core.settings import load_settings
from cordee_graphql.schema import build_schema
from cordee_server import serve

cordee_server.app.__dict__["build_schema"] = functools.partial(build_schema, planner=False)
settings = load_settings(os.environ)
serve.run(settings, settings.workers)
