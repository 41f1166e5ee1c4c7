"""What leaders say of products over `/v1`: read, hidden, shown again, by the version that was read."""

from tests.api.story import Story


def test_words_are_read_hidden_and_shown_again(story: Story) -> None:
    theirs, said_of = story.theirs, f"/v1/products/{story.product['id']}/experiences"
    [said] = theirs.get(said_of).body["data"]
    assert (said["id"], said["text"], said["state"]) == (story.ids["leader_id"], "We like it.", "shown")
    verdict = f"{said_of}/{said['id']}/moderate"
    hidden = theirs.done(verdict, verdict="hidden", version=said["version"], reason="Say more.")
    assert (hidden["state"], hidden["reason"]) == ("hidden", "Say more.")
    late = theirs.post(verdict, verdict="shown", version=said["version"])
    assert (late.status, late.error["code"]) == (409, "experience_changed")
    assert theirs.done(verdict, verdict="shown", version=hidden["version"])["reason"] == ""
    noted = {one["what"]: one["about"] for one in theirs.get("/v1/audit?limit=100").body["data"]}
    assert noted["experience-hidden"] == noted["experience-shown"] == f"{said_of.removeprefix('/v1/')}/{said['id']}"


def test_who_said_nothing_is_not_found(story: Story) -> None:
    verdict = f"/v1/products/{story.product['id']}/experiences/ld_0000000000/moderate"
    missing = story.theirs.post(verdict, verdict="hidden", version=1)
    assert (missing.status, missing.error["code"]) == (404, "experience_missing")
