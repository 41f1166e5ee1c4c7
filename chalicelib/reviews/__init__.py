"""What buyers say about what they bought: one review an order and product, read by the brand before anybody else.

And what leaders say of it on their own pages (`experiences`), read by the brand afterwards.
"""
