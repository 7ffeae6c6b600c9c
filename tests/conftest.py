"""How property tests run: the same examples every time, or new ones with ``--all``."""

from hypothesis import settings

# No deadline: machines are shared, and speed is for the benchmarks.
settings.register_profile("steady", derandomize=True, deadline=None)
settings.register_profile("search", deadline=None)
settings.load_profile("steady")
