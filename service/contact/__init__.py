"""The log of contacts: who spoke whom, what came of it, and what is next."""
