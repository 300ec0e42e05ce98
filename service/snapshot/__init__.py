"""What every worker holds in memory of the store, and how it follows the store as it changes."""
