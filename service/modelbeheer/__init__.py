"""Which version of a model scores: offered, approved by a second person, refused, put back."""
