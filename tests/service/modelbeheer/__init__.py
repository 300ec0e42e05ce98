"""Two people, one gate, and a history that stays."""
