"""What the web pages show: posts as cards, texts with links, numbers in words, trends."""
