"""One audit line per request or command, in a hash chain, and a log of processings of persons."""
