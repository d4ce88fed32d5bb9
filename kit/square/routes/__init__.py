"""X's API, one file for each family of endpoints."""
