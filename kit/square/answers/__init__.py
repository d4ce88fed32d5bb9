"""What goes in and out of the API: parameters, pages, payloads with X's names, and errors."""
