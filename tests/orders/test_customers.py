"""What a buyer types is tidied, or refused by the field's name."""

import msgspec
import pytest

from chalicelib.errors import Invalid
from chalicelib.orders.customers import check_customer
from chalicelib.orders.lines import Customer

BUYER = Customer(name="Li Na", phone="13800138000", pickup="Gate 3")


@pytest.mark.parametrize(
    ("changes", "param"),
    [
        ({"name": "  "}, "customer.name"),
        ({"name": "x" * 61}, "customer.name"),
        ({"name": "Li\x00Na"}, "customer.name"),
        ({"phone": "call me"}, "customer.phone"),
        ({"phone": "12"}, "customer.phone"),
        ({"email": "li.example.com"}, "customer.email"),
        ({"pickup": None}, "customer.address"),
        ({"address": "Renmin Road 1"}, "customer.address"),
        ({"pickup": "x" * 201}, "customer.pickup"),
        ({"pickup": "gate\x07"}, "customer.pickup"),
    ],
)
def test_a_buyers_field_that_cannot_be_right_is_named_and_never_repeated(changes, param):
    customer = msgspec.structs.replace(BUYER, **changes)
    with pytest.raises(Invalid) as refusal:
        check_customer(customer)
    assert refusal.value.param == param
    typed = str(next(iter(changes.values())))
    assert typed.strip() == "" or typed not in refusal.value.message


def test_blanks_are_tidied_and_full_width_digits_understood():
    typed = Customer(name="  Li   Na ", phone="１３８ 0013-8000", email=" Li@Example.com ", address=" Renmin\n Road 1 ")
    assert check_customer(typed) == Customer(
        name="Li Na", phone="13800138000", email="li@example.com", address="Renmin Road 1"
    )


def test_an_emoji_in_a_name_is_a_name():
    assert check_customer(msgspec.structs.replace(BUYER, name="小王🍐")).name == "小王🍐"
