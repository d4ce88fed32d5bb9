"""How often each endpoint may be called, and what the calls would have cost on X."""
