"""All pages, collected: importing the modules of views puts their routes on the list."""

from collections.abc import Callable

from chalice.app import Blueprint

from chalicelib.web import (
    aftersales,
    chain,
    console,
    console_aftersales,
    console_again,
    console_audit,
    console_boards,
    console_campaigns,
    console_delivery,
    console_goods,
    console_imports,
    console_leaders,
    console_look,
    console_money,
    console_notices,
    console_orders,
    console_photos,
    console_plan,
    console_reviews,
    console_start,
    entry,
    explaining,
    joining,
    looks,
    photos,
    posters,
    product_page,
    receiving,
    reviewing,
    storefront,
    workspace,
    workspace_aftersales,
    workspace_boards,
    workspace_campaigns,
    workspace_coupons,
    workspace_delivery,
    workspace_entering,
    workspace_life,
    workspace_team,
    workspace_wallet,
)
from chalicelib.web.frame import ROUTES, pages_blueprint
from chalicelib.wiring import Tools

VIEWS = (
    entry,
    storefront,
    chain,
    product_page,
    receiving,
    reviewing,
    aftersales,
    joining,
    workspace,
    workspace_aftersales,
    workspace_boards,
    workspace_campaigns,
    workspace_coupons,
    workspace_delivery,
    workspace_entering,
    workspace_life,
    workspace_team,
    workspace_wallet,
    console,
    console_boards,
    console_campaigns,
    console_delivery,
    console_goods,
    console_start,
    console_photos,
    console_imports,
    console_leaders,
    console_look,
    console_notices,
    console_orders,
    console_money,
    console_plan,
    console_again,
    console_aftersales,
    console_reviews,
    console_audit,
    explaining,
    photos,
    posters,
    looks,
)
"""The modules that put their routes on `ROUTES`."""


def web_blueprint(tools: Callable[[], Tools]) -> Blueprint:
    """Make the blueprint of all pages, for `app.py`."""
    return pages_blueprint(ROUTES, tools)
