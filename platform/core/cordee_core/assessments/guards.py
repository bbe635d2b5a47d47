"""No leaving a stage before the instruments that the model requires in it are final and valid."""

from collections.abc import Iterable, Sequence
from datetime import date

from cordee_core.assessments.queries import models_of, newest_of
from cordee_core.clock import Clock, now
from cordee_core.contracts import Objection, TenantView, TransitionRequest
from cordee_core.database.engine import Row
from cordee_core.errors import UnknownInstrumentError
from cordee_core.languages import LANGUAGES, Text, pick, say
from cordee_core.markers import hookimpl
from cordee_core.plugins.host import PluginHost
from cordee_core.programmes.model import STAGES, ModelTemplate

_ONWARD = STAGES[: STAGES.index("closed")]


def leads_onward(request: TransitionRequest) -> bool:
    """Return whether the case would go on to a later stage of its work."""
    stages = (request.source, request.target)
    if any(one not in _ONWARD for one in stages):
        return False
    return _ONWARD.index(request.source) < _ONWARD.index(request.target)


class InstrumentGuards:
    """Asks for the instruments of the stage that is left (`domain.md` §2)."""

    def __init__(self, host: PluginHost, clock: Clock = now) -> None:
        self._host, self._clock = host, clock

    @hookimpl
    async def cordee_check_transitions(
        self, tenant: TenantView, requests: Sequence[TransitionRequest]
    ) -> Iterable[Objection]:
        """Object for each required instrument that is missing, open or no longer valid."""
        asked = [request for request in requests if leads_onward(request)]
        if not asked:
            return ()
        cases = {request.case.id for request in asked}
        models = await models_of(tenant.id, cases)
        newest = await newest_of(tenant.id, cases)
        today = self._clock().date()
        return [
            Objection(
                case_id=request.case.id, code=code, text=self._text(code, instrument),
                target=request.target,
            )
            for request in asked
            for instrument, code in _lacking(
                models[request.case.id],
                request.source,
                newest.get(request.case.id, []),
                today,
            )
        ]  # fmt: skip

    def _text(self, code: str, instrument: str) -> Text:
        title: Text
        try:
            title = self._host.instrument(instrument)[1].title
        except UnknownInstrumentError:
            title = dict.fromkeys(map(str, LANGUAGES), instrument)
        return {one: say("objections", code, one, title=pick(title, one)) for one in LANGUAGES}


def _lacking(
    model: ModelTemplate, stage: str, rows: Iterable[Row], today: date
) -> Iterable[tuple[str, str]]:
    """Yield each instrument that the stage requires and what is wrong with its newest use."""
    found = {row["instrument_code"]: row for row in rows}
    left = model.stage(stage)
    for instrument in left.instruments if left else ():
        row = found.get(instrument)
        if row is None:
            yield instrument, "instrument_missing"
        elif row["ask"]:
            yield instrument, "instrument_not_final"
        elif row["valid_until"] is not None and row["valid_until"] < today:
            yield instrument, "instrument_expired"
