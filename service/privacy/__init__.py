"""What a jongere may ask of us, and what we owe unasked: inzage, correctie, verwijdering, bezwaar."""
