"""Deploying: the same package twice changes nothing, secrets keep their value, failures come with their reasons."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

import pytest
from botocore.exceptions import ClientError, WaiterError

from infra.deploy import DeploymentFailed, deploy
from infra.packaging import Package

FUNCTION = {"Type": "AWS::Serverless::Function", "Properties": {"CodeUri": "./deployment.zip"}}
TEMPLATE = {
    "Parameters": {"MailFrom": {"Type": "String"}, "SessionSecret": {"Type": "String"}},
    "Resources": {"Stream": FUNCTION},
}


class Bucket:
    """S3 as far as a deployment uses it."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}
        self.uploads = 0

    def list_objects_v2(self, Bucket: str, Prefix: str) -> dict[str, int]:
        return {"KeyCount": int(Prefix in self.objects)}

    def upload_file(self, path: str, bucket: str, key: str) -> None:
        self.objects[key] = Path(path).read_bytes()
        self.uploads += 1

    def put_object(self, Bucket: str, Key: str, Body: bytes) -> None:
        self.objects[Key] = Body

    def generate_presigned_url(self, _method: str, where: dict[str, str]) -> str:
        return f"https://{where['Bucket']}.s3.amazonaws.com/{where['Key']}?signature"


class CloudFormation:
    """CloudFormation as far as a deployment uses it: one stack that reaches what it is asked for, or fails."""

    class exceptions:
        ClientError: ClassVar = ClientError

    def __init__(self, bucket: Bucket, fails_with: str = "") -> None:
        self.bucket, self.fails_with = bucket, fails_with
        self.parameters: dict[str, str] = {}
        self.template: Any = None
        self.changes: list[str] = []

    def get_paginator(self, _operation: str) -> "CloudFormation":
        return self

    def paginate(self) -> list[dict[str, Any]]:
        return [{"Stacks": [] if self.template is None else self.describe_stacks("shop")["Stacks"]}]

    def describe_stacks(self, StackName: str) -> dict[str, Any]:
        known = [{"ParameterKey": name, "ParameterValue": value} for name, value in self.parameters.items()]
        outputs = [{"OutputKey": "RestAPIId", "OutputValue": "abc"}]
        stack = {"StackName": StackName, "StackStatus": "CREATE_COMPLETE", "Parameters": known, "Outputs": outputs}
        return {"Stacks": [stack]}

    def create_stack(self, OnFailure: str, **request: Any) -> None:
        self._take("create", request)

    def update_stack(self, **request: Any) -> None:
        before = (self.template, self.parameters)
        self._take("update", request)
        if (self.template, self.parameters) == before:
            self.changes.pop()
            error = {"Code": "ValidationError", "Message": "No updates are to be performed."}
            raise ClientError({"Error": error}, "UpdateStack")

    def _take(self, change: str, request: dict[str, Any]) -> None:
        self.changes.append(change)
        key = request["TemplateURL"].split(".com/")[1]
        self.template = json.loads(self.bucket.objects[key])
        self.parameters = {
            given["ParameterKey"]: self.parameters[given["ParameterKey"]]
            if given.get("UsePreviousValue")
            else given["ParameterValue"]
            for given in request["Parameters"]
        }

    def get_waiter(self, _state: str) -> "CloudFormation":
        return self

    def wait(self, StackName: str, WaiterConfig: dict[str, int]) -> None:
        if self.fails_with:
            raise WaiterError("stack_update_complete", "failed", {})

    def describe_stack_events(self, StackName: str) -> dict[str, Any]:
        failed = {"LogicalResourceId": "Alarm", "ResourceStatus": "UPDATE_FAILED"}
        went = {"LogicalResourceId": "Table", "ResourceStatus": "UPDATE_COMPLETE"}
        return {"StackEvents": [went, {**failed, "ResourceStatusReason": self.fails_with}]}


@pytest.fixture
def packed(tmp_path: Path) -> Package:
    (tmp_path / "deployment.zip").write_bytes(b"zip")
    return Package("cafe", TEMPLATE, tmp_path / "deployment.zip")


Deployer = Callable[..., dict[str, str]]


@pytest.fixture
def bucket() -> Bucket:
    return Bucket()


@pytest.fixture
def cloudformation(bucket: Bucket) -> CloudFormation:
    return CloudFormation(bucket)


@pytest.fixture
def deployed(packed: Package, bucket: Bucket, cloudformation: CloudFormation) -> Deployer:
    def run(**parameters: str) -> dict[str, str]:
        return deploy(
            packed, stack_name="shop", bucket="b", parameters=parameters, s3=bucket, cloudformation=cloudformation
        )

    return run


def test_the_first_deployment_creates_the_stack_with_code_and_parameters(
    deployed: Deployer, cloudformation: CloudFormation
) -> None:
    assert deployed(MailFrom="a@b", SessionSecret="s") == {"RestAPIId": "abc"}

    assert cloudformation.changes == ["create"]
    assert cloudformation.parameters == {"MailFrom": "a@b", "SessionSecret": "s"}
    assert cloudformation.template["Resources"]["Stream"]["Properties"]["CodeUri"] == "s3://b/cafe/deployment.zip"


def test_the_same_again_uploads_and_changes_nothing(
    deployed: Deployer, cloudformation: CloudFormation, bucket: Bucket
) -> None:
    deployed(MailFrom="a@b", SessionSecret="s")

    deployed(MailFrom="a@b", SessionSecret="s")

    assert cloudformation.changes == ["create"]
    assert bucket.uploads == 1


def test_what_is_not_given_keeps_its_deployed_value(deployed: Deployer, cloudformation: CloudFormation) -> None:
    deployed(MailFrom="a@b", SessionSecret="s")

    deployed(MailFrom="new@b")

    assert cloudformation.changes == ["create", "update"]
    assert cloudformation.parameters == {"MailFrom": "new@b", "SessionSecret": "s"}


def test_a_failed_deployment_tells_which_resource_and_why(deployed: Deployer, cloudformation: CloudFormation) -> None:
    cloudformation.fails_with = "metric math is not supported"

    with pytest.raises(DeploymentFailed, match=r"^Alarm: metric math is not supported$"):
        deployed(MailFrom="a@b", SessionSecret="s")


def test_another_refusal_of_an_update_is_not_taken_for_nothing_to_do(
    deployed: Deployer, cloudformation: CloudFormation, monkeypatch: pytest.MonkeyPatch
) -> None:
    deployed(MailFrom="a@b", SessionSecret="s")

    def refuse(**_request: Any) -> None:
        raise ClientError({"Error": {"Code": "AccessDenied", "Message": "not yours"}}, "UpdateStack")

    monkeypatch.setattr(cloudformation, "update_stack", refuse)

    with pytest.raises(ClientError, match="not yours"):
        deployed(MailFrom="new@b")
