"""Who asks, and what they may: tokens, signatures, OAuth's grants, and browsers' sessions."""
