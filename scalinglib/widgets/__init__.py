"""Interactive pictures that need no kernel; README.md in this folder says how to add one."""
__all__: list[str] = []
