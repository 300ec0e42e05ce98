"""The nightly watch over the models in use: drift, outcomes, groups, sources, and alarms (F12)."""
