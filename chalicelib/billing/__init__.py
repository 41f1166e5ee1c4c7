"""What a brand pays the platform: tiers and what they include, its subscription at Stripe, what it has used."""
