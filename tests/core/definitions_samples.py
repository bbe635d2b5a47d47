"""A programme, a model, a service and a vocabulary with one of everything."""

import json
from typing import Any

Raw = dict[str, Any]


def fresh(raw: Raw) -> Raw:
    """Copy without shared parts, so that damage to one text stays in its place."""
    return json.loads(json.dumps(raw))


T = {"en": "Text", "fr": "Texte"}
INDICATOR = {
    "code": "share",
    "name": T,
    "baseline": 12.5,
    "target": 40,
    "date": "2028-12-31",
    "rationale": T,
}
PARTS: Raw = {
    "motivation": T,
    "target_group": [{"code": "adults", "name": T, "criteria": "sample.selection"}],
    "objectives": [{"code": "better", "name": T, "indicators": [INDICATOR]}],
    "methods": [{"code": "visits", "name": T, "description": T}],
    "links": [{"objective": "better", "method": "visits", "theory": T, "change": T}],
    "resources": {"people": [], "means": [], "money": {"amount": 0, "currency": "EUR"}},
    "model": "sample.single",
    "closure_vocabulary": "sample.closure",
}
WHOLE: Raw = {
    "title": T,
    **PARTS,
    "domains": ["sample"],
    "services": ["sample.help"],
    "funding": T,
    "effect": "social",
    "finality": "continuity",
    "type": "brokerage",
    "ends": "2029-01-01",
    "places": 0,
}
TEMPLATE: Raw = {"code": "sample.one", "version": "1.0.0", "sources": [], **WHOLE}
MODEL: Raw = {
    "code": "sample.single",
    "version": "1.0.0",
    "title": T,
    "description": T,
    "leads": "single_referent",
    "stages": [
        {"code": "intake", "name": T},
        {"code": "assessment", "name": T, "instruments": ["sample.grid"]},
    ],
    "transitions": [{"start": "intake", "end": "assessment", "guards": ["consent"]}],
    "caseload": {"recommended": 20, "maximum": 25, "weights": {"light": 0.5}},
    "review_days": {"low": 90, "medium": 30, "high": 7},
    "supervision_days": 30,
    "intensities": [{"code": "light", "name": T, "contacts_per_month": 1.5}],
    "approvals": [{"act": "plan_agree", "role": "supervisor"}],
    "sources": [{"citation": "us", "date": "2026-01-01", "verified": True, "note": T}],
}
SERVICE: Raw = {
    "code": "sample.help",
    "name": T,
    "description": T,
    "type": "accompagnement",
    "thematiques": ["mobilite--financer-ma-mobilite"],
    "publics": ["tous-publics"],
    "eligibility": "sample.rule",
    "min_age": 18,
    "max_age": 64,
    "fees": "gratuit",
    "reception": ["en-presentiel"],
    "mobilisation": ["telephoner"],
    "area": ["france"],
    "required_documents": [T],
    "source": {"citation": "A law", "date": "2026-01-01"},
    "last_modified": "2026-01-01",
    "confidential": True,
}
VOCABULARY: Raw = {
    "code": "sample.closure",
    "version": "1.0.0",
    "title": T,
    "entries": [{"code": "done", "label": T}, {"code": "left", "label": T, "description": T}],
}
