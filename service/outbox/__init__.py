"""Notices by mail: written in the transaction of what they tell, sent at least once (TRUST R5)."""
