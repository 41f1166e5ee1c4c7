"""From a paid order to goods in hands: ways and pick-up points, picking and packing, handing out, tracking numbers.

`orders.delivery` writes that an order is delivered; everything here leads up to it.
"""
