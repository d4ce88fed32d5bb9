"""What a learner works with. It reaches the Square over HTTP, as any client would."""
