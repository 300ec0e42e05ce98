"""People and machines in, decisions kept: imports, storage, commands, API and pages."""
