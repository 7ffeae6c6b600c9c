"""What happens to text: pure functions, and the PTransforms that lift them.

Nothing in this package imports :mod:`pipeline`.
"""
