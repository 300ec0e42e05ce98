"""What only a real browser shows: layout, focus, and what the browser refuses."""
