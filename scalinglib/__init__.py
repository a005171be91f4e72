"""Neural scaling laws: measure, fit, plan, show."""

__version__ = "0.1.0"
