"""A flex template for Dataflow: a Beam pipeline around the PTransforms of the library."""
