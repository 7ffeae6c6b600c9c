"""The Beam program: settings, sources, the graph on one page, sinks, command line."""

__version__ = "0.1.0"
