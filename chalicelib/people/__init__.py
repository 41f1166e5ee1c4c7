"""People: who someone is (a confirmed e-mail), how they sign in, what they may do for which brand, and API keys."""
