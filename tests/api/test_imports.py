"""A brand's system sends a file, reads what is wrong with it, and commits what is right."""

import base64

from tests.api.world import System

GOOD = "name,phone,email,inviter\nAmy,13900001001,amy@example.com,\nBo,13900001002,bo@example.com,amy@example.com\n"


def sent(brand: System, text: str, what: str = "leaders") -> dict:  # type: ignore[type-arg]
    content = base64.b64encode(text.encode()).decode()
    answer: dict = brand.done("/v1/imports", what=what, content=content, file_name="old.csv")  # type: ignore[type-arg]
    return answer


def test_a_file_is_checked_committed_and_written(brand: System) -> None:
    job = sent(brand, GOOD)
    assert (job["object"], job["state"], job["rows"], job["problems"]) == ("import", "ready", 2, 0)
    done = brand.done(f"/v1/imports/{job['id']}/commit")
    assert (done["state"], done["rows_done"]) == ("done", 2)
    assert {one["name"] for one in brand.get("/v1/leaders").body["data"]} == {"Amy", "Bo"}
    assert brand.done(f"/v1/imports/{job['id']}/commit")["state"] == "done"
    assert brand.post(f"/v1/imports/{job['id']}/withdraw").status == 409


def test_every_problem_has_its_row_and_its_place_in_the_list(brand: System) -> None:
    job = sent(brand, "name,phone,email\n" + "Amy,abc,nobody\n" * 8)
    assert (job["state"], job["problems"]) == ("refused", 16)
    found, after = [], ""
    while True:
        page = brand.get(f"/v1/imports/{job['id']}/problems?limit=5{after}").body
        found += page["data"]
        if not page["has_more"]:
            break
        after = f"&starting_after={found[-1]['id']}"
    assert [one["id"] for one in found] == [str(number) for number in range(1, 17)]
    assert {(one["row"], one["code"]) for one in found} == {
        (row, code) for row in range(2, 10) for code in ("phone_invalid", "email_invalid")
    }
    assert brand.post(f"/v1/imports/{job['id']}/commit").error["code"] == "import_not_ready"
    assert brand.get(f"/v1/imports/{job['id']}/problems?starting_after=99").error["code"] == "cursor_unknown"


def test_products_come_too_and_lists_go_on(brand: System) -> None:
    first = sent(brand, "title,unit,list price,sale price\nPears,box,25,18\n", "products")
    brand.done(f"/v1/imports/{first['id']}/commit")
    assert [one["title"] for one in brand.get("/v1/products").body["data"]] == ["Pears"]
    second = sent(brand, GOOD)
    assert brand.done(f"/v1/imports/{second['id']}/withdraw")["state"] == "withdrawn"
    newest, oldest = sorted([first["id"], second["id"]], reverse=True)  # the clock stands still: chance orders them
    listed = brand.get("/v1/imports?limit=1").body
    assert ([one["id"] for one in listed["data"]], listed["has_more"]) == ([newest], True)
    rest = brand.get(f"/v1/imports?starting_after={newest}").body
    assert [one["id"] for one in rest["data"]] == [oldest]


def test_a_file_may_be_larger_than_other_bodies_but_not_any_size(brand: System) -> None:
    rows = "".join(f"L{n},1390{n:07d},l{n}@example.com,\n" for n in range(9_000))
    assert len(rows) > 256 * 1024
    content = base64.b64encode(("name,phone,phone,email\n" + rows).encode()).decode()
    assert brand.done("/v1/imports", what="leaders", content=content)["state"] == "refused"
    assert brand.send("/v1/imports", b'{"what": "leaders", "content": "' + b"A" * 6_000_000 + b'"}').status == 413
    assert brand.post("/v1/imports", what="leaders", content="no base 64!").status == 400
    assert brand.post("/v1/imports", what="orders", content="").error["param"] == "what"
