"""A brand at its plan: where the plan meets the brand's settings, its leaders and its past, for console and `/v1`."""
