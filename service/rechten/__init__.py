"""Who may do what, for which purpose, on which rows (TRUST P2, S6, S7, S8)."""
