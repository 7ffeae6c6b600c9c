"""``report.html``: what a run took away, for eyes.

The flow: :mod:`reading` gives an output block by block; :mod:`figures`, :mod:`samples`,
:mod:`close_calls` and :mod:`groups` count and choose; :mod:`views` and :mod:`charts` lay out;
:mod:`page` writes one file.  :mod:`making` calls them in that order.
"""
