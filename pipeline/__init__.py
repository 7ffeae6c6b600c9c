"""The Beam program: settings, sources, the graph on one page, sinks, command line."""

import os

__version__ = "0.1.0"

# numpy's OpenBLAS starts a thread for each core, which waits for work without sleeping: a tenth
# of a CPU second each, for what nothing here uses.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
