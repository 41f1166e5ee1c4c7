"""The product as a whole, on the deployed template."""
