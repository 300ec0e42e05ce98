"""The screens of signing in and of the own account."""
