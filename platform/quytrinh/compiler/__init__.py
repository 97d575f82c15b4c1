"""From a checked flow to its normal form, digest and plan."""
