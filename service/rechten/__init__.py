"""Who may do what, for which purpose, on which rows (TRUST P2, S6, S7, S8)."""

import service.storage  # noqa: F401  # first: its repositories start from the row rule in here
