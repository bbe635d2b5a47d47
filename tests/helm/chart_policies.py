"""What every rendering must keep, beyond what Kubernetes accepts: one function for each rule.

Each yields its offences; `breaks` changes one object so that the rule must speak. Sources: the
Pod Security Standards, level restricted (Kubernetes 1.31 and later), and docs/adr/0008.
"""

import chart_policies_operation
import chart_policies_pods
import chart_policies_whole
from chart_policy import POLICIES

__all__ = ["POLICIES", "SOURCES"]

SOURCES = (chart_policies_pods, chart_policies_operation, chart_policies_whole)
"""Imported for their rules, which register themselves."""
