"""Neural scaling laws: measure, fit, plan, show."""


def __getattr__(name: str) -> str:
    if name == "__version__":  # read when asked for: importlib.metadata is slow to import
        from importlib import metadata

        try:
            return metadata.version("scalinglib")
        except metadata.PackageNotFoundError:  # a folder on the path, never installed
            return "0+unknown"
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
