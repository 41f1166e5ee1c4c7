"""Exports and the log through `/v1`."""

import csv
import io
from typing import Any

from tests.api.world import APPLES, World


def content_of(world: World, export: dict[str, Any]) -> list[list[str]]:
    [kept] = [one for key, one in world.files.kept.items() if key.endswith(f"{export['id']}/file")]
    return list(csv.reader(io.StringIO(kept.decode("utf-8-sig"))))


def test_a_file_is_made_listed_and_fetched(world: World) -> None:
    system = world.brand()
    product = system.post("/v1/products", **APPLES).body
    export = system.post("/v1/exports", what="products").body
    assert (export["state"], export["rows"], export["format"]) == ("done", 1, "csv")
    assert content_of(world, export)[1][0] == product["id"]
    assert system.get(f"/v1/exports/{export['id']}").body["url"].startswith("https://files.example/")
    listed = system.get("/v1/exports").body["data"]
    assert [(one["id"], one["url"]) for one in listed] == [(export["id"], None)]


def test_the_same_key_makes_one_export(world: World) -> None:
    system = world.brand()
    asked = [system.post("/v1/exports", key="e1", what="leaders") for _ in range(2)]
    assert asked[0].body["id"] == asked[1].body["id"]
    assert len(system.get("/v1/exports").body["data"]) == 1


def test_another_brand_finds_no_export_and_no_log(world: World) -> None:
    export = world.brand().post("/v1/exports", what="leaders").body
    other = world.brand("red-hill")
    assert other.get(f"/v1/exports/{export['id']}").status == 404
    assert other.get("/v1/exports").body["data"] == []
    assert other.get("/v1/audit").body["data"] == []


def test_what_a_key_did_is_in_the_log_once(world: World) -> None:
    system = world.brand()
    for _ in range(2):
        system.post("/v1/brand", key="rename", name="Green Hill")
    product = system.post("/v1/products", **APPLES).body
    system.post("/v1/products", title="")
    found = system.get("/v1/audit?limit=10").body["data"]
    assert sorted(one["what"] for one in found) == ["product-added", "settings-changed"]
    by_kind = system.get("/v1/audit?what=product-added").body["data"]
    assert [one["about"] for one in by_kind] == [f"products/{product['id']}"]
    (renamed,) = system.get("/v1/audit?what=settings-changed").body["data"]
    assert renamed["changes"]["name"][1] == "Green Hill"
    assert renamed["who"].startswith("api:")
    assert system.get("/v1/audit?what=nothing").status == 400
    assert len(system.get("/v1/audit?limit=1").body["data"]) == 1
