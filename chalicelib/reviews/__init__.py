"""What buyers say about what they bought: one review an order and product, read by the brand before anybody else."""
