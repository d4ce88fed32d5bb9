"""What is loaded into a client before its program, where a language does not heed the proxy."""
