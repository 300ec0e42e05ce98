"""What was suggested, to whom it was shown, whether people follow it, and how it is stopped."""
