"""What is known of one jongere, as the jongere and the coach read it together."""
