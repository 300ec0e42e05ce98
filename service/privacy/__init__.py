"""What a jongere may ask of us, and what we owe unasked: TRUST section 3."""
