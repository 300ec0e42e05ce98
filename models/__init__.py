"""Features in, scores out: models, their evaluation, and the store that keeps them."""
