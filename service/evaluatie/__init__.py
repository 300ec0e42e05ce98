"""The report of an evaluation: what was compared, in plain Dutch and as data."""
