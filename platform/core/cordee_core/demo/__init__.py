"""Two invented tenants with invented persons, for a first look and for trying things out."""

from cordee_core.demo.load import DemoTenant, load

__all__ = ["DemoTenant", "load"]
