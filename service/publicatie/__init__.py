"""What the system tells the public of itself: register entries, model cards and dossiers."""
