"""Brands (tenants): signing up with an address of their own, settings, being suspended."""
