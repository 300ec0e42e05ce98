"""The tree of the packages: features/verzuim.py is tested in tests/features/test_verzuim.py."""
