"""The matchtafel: its agenda, the joint proposal, what people decide, and what becomes of it."""
