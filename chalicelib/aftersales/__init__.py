"""After-sales: a case says what is wrong with an order and what is wished for; the brand decides.

requested → approved → done, or declined, or withdrawn. Approving a refund reserves it on the order, moves returned
goods to the stock and writes the decision in one transaction; from there it is a refund like any other.
"""
