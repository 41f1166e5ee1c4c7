"""Reading ahead for a page that only shows: many items in one request, into the hand that `store` looks into."""

from collections.abc import Iterable

from chalicelib import at_hand, store
from chalicelib.at_hand import Key


def read_ahead(keys: Iterable[Key], *, consistent: bool = False) -> None:
    """Read items that a page is going to ask for, in one request per hundred; nothing is asked for twice.

    Inside of `at_hand.looking`. Outside of it nothing is read: each item is read when it is asked for.
    """
    hand = at_hand.hand()
    if hand is None:
        return
    missing = [key for key in dict.fromkeys(keys) if key not in hand.items]
    read = store.get_all([key for key in missing if store.can_be_key(*key)], consistent=consistent)
    found = {(item.pk, item.sk): item for item in read}
    hand.items.update({key: found.get(key) for key in missing})
