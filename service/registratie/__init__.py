"""What people enter and change by hand; functions over a session, for the API and the pages."""
