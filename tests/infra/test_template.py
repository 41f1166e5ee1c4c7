"""The template as CloudFormation gets it: packaged from the sample app, merged, and checked as a whole."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from chalicelib.exports.files import key_of
from chalicelib.figures import rollup
from chalicelib.media.store import key_of as key_of_photo
from chalicelib.tenancy import acting_for
from infra.packaging import FUNCTION, Template, package, with_code_at
from tests.infra.local.sample_project import make_project

FUNCTIONS = {"APIHandler", "Stream", "RollUp", "Settle", "PayOut", "Sweep", "Audit"}


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    folder = tmp_path_factory.mktemp("template")
    packed = package(make_project(folder / "project"), folder / "cache")
    return with_code_at(packed.template, "s3://bucket/deployment.zip")


def allowed(template: Template, role: str) -> set[str]:
    [policy] = template["Resources"][role]["Properties"]["Policies"]
    actions: set[str] = set()
    for statement in policy["PolicyDocument"]["Statement"]:
        listed = statement["Action"]
        actions |= {listed} if isinstance(listed, str) else set(listed)
    return actions


def test_the_roll_up_is_sent_what_it_takes_in_and_nothing_else(template: Template) -> None:
    source = template["Resources"]["RollUp"]["Properties"]["Events"]["Table"]["Properties"]

    (wanted,) = source["FilterCriteria"]["Filters"]

    assert set(json.loads(wanted["Pattern"])["dynamodb"]["NewImage"]["kind"]["S"]) == rollup.KINDS


def test_cfn_lint_finds_nothing(template: Template, tmp_path: Path) -> None:
    import yaml

    (tmp_path / "template.yaml").write_text(yaml.safe_dump(template))
    cfn_lint = Path(sys.executable).with_name("cfn-lint")

    linted = subprocess.run([cfn_lint, tmp_path / "template.yaml"], capture_output=True, text=True, check=False)

    assert (linted.stdout, linted.returncode) == ("", 0)


def test_the_merged_template_talks_about_the_functions_that_chalice_declares(template: Template) -> None:
    functions = {name for name, resource in template["Resources"].items() if resource["Type"] == FUNCTION}

    assert functions == FUNCTIONS


def test_the_table_survives_a_mistake(template: Template) -> None:
    table = template["Resources"]["Table"]

    assert (table["DeletionPolicy"], table["UpdateReplacePolicy"]) == ("Retain", "Retain")
    assert table["Properties"]["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert table["Properties"]["TimeToLiveSpecification"] == {"AttributeName": "ttl", "Enabled": True}


def test_no_function_may_scan_or_delete_the_table(template: Template) -> None:
    for role in ("ApiHandlerRole", "StreamRole", "RollUpRole", "SettleRole", "PayOutRole", "SweepRole", "AuditRole"):
        assert not allowed(template, role) & {"dynamodb:Scan", "dynamodb:DeleteTable", "dynamodb:*", "*"}


def test_only_the_streams_functions_read_the_stream_and_park(template: Template) -> None:
    for role in ("StreamRole", "RollUpRole"):
        assert {"dynamodb:GetRecords", "sqs:SendMessage"} <= allowed(template, role)
    assert not {"dynamodb:GetRecords", "sqs:SendMessage"} & allowed(template, "ApiHandlerRole")


def test_figures_are_told_their_shard_and_nothing_of_theirs_is_parked(template: Template) -> None:
    mapping = template["Resources"]["RollUp"]["Properties"]["Events"]["Table"]["Properties"]

    assert mapping["TumblingWindowInSeconds"] > 0, "without windows AWS does not say of which shard a batch is"
    assert not mapping.keys() & {"DestinationConfig", "MaximumRetryAttempts", "MaximumRecordAgeInSeconds"}
    assert "ReportBatchItemFailures" in mapping["FunctionResponseTypes"]


def test_photos_are_private_and_survive_a_mistake(template: Template) -> None:
    bucket = template["Resources"]["Media"]

    assert (bucket["DeletionPolicy"], bucket["UpdateReplacePolicy"]) == ("Retain", "Retain")
    assert set(bucket["Properties"]["PublicAccessBlockConfiguration"].values()) == {True}
    assert "BucketEncryption" in bucket["Properties"]
    assert {"s3:GetObject", "s3:PutObject"} <= allowed(template, "ApiHandlerRole")
    assert not {"s3:DeleteObject", "s3:*"} & allowed(template, "ApiHandlerRole")


def test_exports_go_after_a_week_and_photos_stay(template: Template) -> None:
    [rule] = template["Resources"]["Media"]["Properties"]["LifecycleConfiguration"]["Rules"]
    assert (rule["Status"], rule["Prefix"], rule["ExpirationInDays"]) == ("Enabled", "exports/", 7)
    with acting_for("t" * 16):
        assert key_of("t" * 16, f"exp_{'0' * 20}/file").startswith(rule["Prefix"])
        assert not str(key_of_photo("t" * 16, f"p/{'0' * 64}.jpg")).startswith(rule["Prefix"])


def test_bytes_go_through_the_gateway_as_they_are(template: Template) -> None:
    definition = template["Resources"]["RestAPI"]["Properties"]["DefinitionBody"]

    assert definition["x-amazon-apigateway-binary-media-types"] == ["*/*"]
    assert definition["paths"], "the rest of the definition is chalice's"


def test_secrets_are_hidden_parameters_and_never_defaults(template: Template) -> None:
    parameters: dict[str, Any] = template["Parameters"]

    for secret in ("StripeSecretKey", "StripeWebhookSecret", "SessionSecret"):
        assert parameters[secret]["NoEcho"] is True
        assert "Default" not in parameters[secret]


def test_times_to_finish_are_those_of_gateway_stream_and_schedules(template: Template) -> None:
    limits_s = {name: template["Resources"][name]["Properties"]["Timeout"] for name in FUNCTIONS}

    assert limits_s == {
        "APIHandler": 29,
        "Stream": 60,
        "RollUp": 300,
        "Settle": 300,
        "PayOut": 300,
        "Sweep": 300,
        "Audit": 900,
    }
