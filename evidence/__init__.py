"""Evidence log, importers, readings, rules and findings. Knows nothing of complaints."""

__version__ = "0.1.0"
