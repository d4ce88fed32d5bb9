"""What listens: the Square's server, and the proxy that brings unmodified clients to it."""
