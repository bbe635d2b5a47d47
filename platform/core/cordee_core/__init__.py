"""The core of Cordée: tenants, people, programmes, cases, the plugin host and all core tables.

Plugin authors import from here and from nowhere deeper; what is in ``__all__`` is kept stable
within one hook API version. Each name is loaded when it is first asked for, so that
importing this package costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from cordee_core.contracts import (
        AssessmentView,
        CaseView,
        ConsentView,
        Effects,
        GraphQLPart,
        MemberView,
        Objection,
        ObligationView,
        Permission,
        PersonView,
        PlanView,
        PluginTables,
        ReferralView,
        TenantView,
        TransitionRequest,
    )
    from cordee_core.definitions import DefinitionError
    from cordee_core.errors import CordeeError, PluginError
    from cordee_core.instruments.definition import Instrument, parse_instrument
    from cordee_core.languages import Language, Text, pick
    from cordee_core.markers import hookimpl
    from cordee_core.plugins.content import Content
    from cordee_core.programmes.definition import ProgrammeTemplate, parse_programme
    from cordee_core.programmes.method import MethodTemplate, parse_method
    from cordee_core.programmes.model import ModelTemplate, parse_model
    from cordee_core.rules.definition import Rule, parse_rule
    from cordee_core.services.definition import ServiceEntry, parse_service
    from cordee_core.vocabularies import Vocabulary, parse_vocabulary

__all__ = [
    "AssessmentView",
    "CaseView",
    "ConsentView",
    "Content",
    "CordeeError",
    "DefinitionError",
    "Effects",
    "GraphQLPart",
    "Instrument",
    "Language",
    "MemberView",
    "MethodTemplate",
    "ModelTemplate",
    "Objection",
    "ObligationView",
    "Permission",
    "PersonView",
    "PlanView",
    "PluginError",
    "PluginTables",
    "ProgrammeTemplate",
    "ReferralView",
    "Rule",
    "ServiceEntry",
    "TenantView",
    "Text",
    "TransitionRequest",
    "Vocabulary",
    "hookimpl",
    "parse_instrument",
    "parse_method",
    "parse_model",
    "parse_programme",
    "parse_rule",
    "parse_service",
    "parse_vocabulary",
    "pick",
]

_HOMES = {
    "cordee_core.contracts": (
        "AssessmentView",
        "CaseView",
        "ConsentView",
        "Effects",
        "GraphQLPart",
        "MemberView",
        "Objection",
        "ObligationView",
        "Permission",
        "PersonView",
        "PlanView",
        "PluginTables",
        "ReferralView",
        "TenantView",
        "TransitionRequest",
    ),
    "cordee_core.definitions": ("DefinitionError",),
    "cordee_core.errors": (
        "CordeeError",
        "PluginError",
    ),
    "cordee_core.instruments.definition": (
        "Instrument",
        "parse_instrument",
    ),
    "cordee_core.languages": (
        "Language",
        "Text",
        "pick",
    ),
    "cordee_core.markers": ("hookimpl",),
    "cordee_core.plugins.content": ("Content",),
    "cordee_core.programmes.definition": (
        "ProgrammeTemplate",
        "parse_programme",
    ),
    "cordee_core.programmes.method": (
        "MethodTemplate",
        "parse_method",
    ),
    "cordee_core.programmes.model": (
        "ModelTemplate",
        "parse_model",
    ),
    "cordee_core.rules.definition": (
        "Rule",
        "parse_rule",
    ),
    "cordee_core.services.definition": (
        "ServiceEntry",
        "parse_service",
    ),
    "cordee_core.vocabularies": (
        "Vocabulary",
        "parse_vocabulary",
    ),
}
_HOME = {name: module for module, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}", name=name)
    value = getattr(import_module(_HOME[name]), name)
    globals()[name] = value
    return value
