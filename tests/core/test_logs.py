"""Logs hold listed fields only, and never the text of an exception."""

import json
import subprocess
import sys

PROGRAM = """
import logging, structlog
from cordee_core.logs import configure_logs
configure_logs("web")
log = structlog.get_logger("cordee.test")
log.info("case opened", tenant_id="01a1", full_name="canary-name", note="canary-note")
try:
    raise ValueError("canary-value")
except ValueError:
    log.exception("failed", reference="r1")
    logging.getLogger("elsewhere").exception("broken")
logging.getLogger("elsewhere").warning("slow", extra={"answer": "canary-extra"})
"""


def test_what_a_person_said_is_not_logged() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "canary" not in done.stderr
    opened, failed, broken, slow = (json.loads(line) for line in done.stderr.splitlines())
    assert opened["tenant_id"] == "01a1"
    assert opened["full_name"] == "[withheld]"
    assert opened["process"] == "web"
    assert failed["reference"] == "r1"
    assert failed["exception"][0] == "ValueError"
    assert broken["exception"][0] == "ValueError"
    assert slow["event"] == "slow"
