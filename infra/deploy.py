"""Put a package on AWS: archive and template into a bucket, then create or update the CloudFormation stack.

The local stack goes through `deploy` as well, with the clients of local AWS. For AWS itself:

    python -m infra.deploy --stack tuanyuan --bucket BUCKET MailFrom=shop@example.com

Secrets (`StripeSecretKey`, `StripeWebhookSecret`, `SessionSecret`) are read from the environment
(`STRIPE_SECRET_KEY` …) and never from the command line. What is not given keeps its deployed value.
"""

import argparse
import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from infra.packaging import Package, package, with_code_at

SECRETS = {
    "StripeSecretKey": "STRIPE_SECRET_KEY",
    "StripeWebhookSecret": "STRIPE_WEBHOOK_SECRET",
    "SessionSecret": "SESSION_SECRET",
    "WechatAppSecret": "WECHAT_APP_SECRET",
}
CAPABILITIES = ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"]
NOTHING_TO_DO = "No updates are to be performed"

Client = Any  # boto3 makes its clients at run time, so they have no static type


class DeploymentFailed(RuntimeError):
    """CloudFormation could not reach the template's state; the message lists the reasons it gave."""


def deploy(
    packed: Package,
    *,
    stack_name: str,
    bucket: str,
    parameters: Mapping[str, str],
    s3: Client,
    cloudformation: Client,
) -> dict[str, str]:
    """Bring the stack to the package and the parameters; give its outputs by name.

    Parameters that are not given keep the value of the last deployment. Safe to repeat: the same
    package with the same parameters changes nothing.
    """
    template = with_code_at(packed.template, f"s3://{bucket}/{packed.archive_key}")
    _upload_once(s3, bucket, packed)
    known = _parameters_of(cloudformation, stack_name)
    request = {
        "StackName": stack_name,
        "TemplateURL": _upload_template(s3, bucket, packed, template),
        "Parameters": _parameter_list(template, parameters, known),
        "Capabilities": CAPABILITIES,
    }
    if known is None:
        cloudformation.create_stack(**request, OnFailure="DELETE")
        _await(cloudformation, "stack_create_complete", stack_name)
    elif _update(cloudformation, request):
        _await(cloudformation, "stack_update_complete", stack_name)
    return outputs(cloudformation, stack_name)


def outputs(cloudformation: Client, stack_name: str) -> dict[str, str]:
    """Give the outputs of a deployed stack by name."""
    [stack] = cloudformation.describe_stacks(StackName=stack_name)["Stacks"]
    return {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])}


def _upload_once(s3: Client, bucket: str, packed: Package) -> None:
    found = s3.list_objects_v2(Bucket=bucket, Prefix=packed.archive_key)["KeyCount"]
    if not found:
        s3.upload_file(str(packed.archive), bucket, packed.archive_key)


def _upload_template(s3: Client, bucket: str, packed: Package, template: dict[str, Any]) -> str:
    """Upload the template and give its address: inline it may not exceed 51 200 bytes."""
    key = f"{packed.fingerprint}/template.json"
    s3.put_object(Bucket=bucket, Key=key, Body=json.dumps(template).encode())
    return str(s3.generate_presigned_url("get_object", {"Bucket": bucket, "Key": key})).partition("?")[0]


def _parameters_of(cloudformation: Client, stack_name: str) -> set[str] | None:
    """Give the names of the deployed stack's parameters, or None when there is no such stack."""
    for page in cloudformation.get_paginator("describe_stacks").paginate():
        for stack in page["Stacks"]:
            if stack["StackName"] == stack_name and stack["StackStatus"] != "DELETE_COMPLETE":
                return {parameter["ParameterKey"] for parameter in stack.get("Parameters", [])}
    return None


def _parameter_list(template: dict[str, Any], given: Mapping[str, str], known: set[str] | None) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = []
    for name in template.get("Parameters", {}):
        if name in given:
            listed.append({"ParameterKey": name, "ParameterValue": given[name]})
        elif name in (known or set()):
            listed.append({"ParameterKey": name, "UsePreviousValue": True})
    return listed


def _update(cloudformation: Client, request: dict[str, Any]) -> bool:
    """Start the update; False when the stack is already as the request asks."""
    try:
        cloudformation.update_stack(**request)
    except cloudformation.exceptions.ClientError as refused:
        if NOTHING_TO_DO in str(refused):
            return False
        raise
    return True


def _await(cloudformation: Client, state: str, stack_name: str) -> None:
    from botocore.exceptions import WaiterError

    waiting = {"Delay": 1, "MaxAttempts": 1200}
    try:
        cloudformation.get_waiter(state).wait(StackName=stack_name, WaiterConfig=waiting)
    except WaiterError as failed:
        raise DeploymentFailed(_reasons(cloudformation, stack_name) or str(failed)) from failed


def _reasons(cloudformation: Client, stack_name: str) -> str:
    try:
        events = cloudformation.describe_stack_events(StackName=stack_name)["StackEvents"]
    except cloudformation.exceptions.ClientError:
        return ""  # a stack that failed to be created is gone, with its events
    failed = [event for event in events if event["ResourceStatus"].endswith("FAILED")]
    return "\n".join(f"{one['LogicalResourceId']}: {one.get('ResourceStatusReason', '')}" for one in failed)


def main(arguments: list[str]) -> None:
    """Deploy to AWS with the credentials of the environment."""
    import boto3

    parser = argparse.ArgumentParser(prog="python -m infra.deploy", description=__doc__)
    parser.add_argument("--stack", default="tuanyuan", help="name of the CloudFormation stack")
    parser.add_argument("--bucket", required=True, help="bucket for archive and template")
    parser.add_argument("parameters", nargs="*", metavar="Name=value", help="parameters of the template")
    options = parser.parse_args(arguments)
    parameters = dict(parameter.split("=", 1) for parameter in options.parameters)
    parameters |= {name: os.environ[variable] for name, variable in SECRETS.items() if variable in os.environ}
    packed = package(Path.cwd(), Path(".local/package"))
    clients = {"s3": boto3.client("s3"), "cloudformation": boto3.client("cloudformation")}
    where = {"stack_name": options.stack, "bucket": options.bucket}
    found = _deploy_with_address(packed, parameters, where, clients)
    sys.stdout.writelines(f"{name}: {value}\n" for name, value in sorted(found.items()))


def _deploy_with_address(
    packed: Package, parameters: dict[str, str], where: dict[str, str], clients: dict[str, Client]
) -> dict[str, str]:
    """Deploy; where no public address is given, deploy again with the API's own, known only after the first time."""
    known = _parameters_of(clients["cloudformation"], where["stack_name"]) or set()
    addressed = "PublicUrl" in parameters or "PublicUrl" in known
    first = parameters if addressed else {**parameters, "PublicUrl": "https://not-known-yet.invalid"}
    found = deploy(packed, parameters=first, **where, **clients)
    if not addressed:
        own = {"PublicUrl": found["EndpointURL"].rstrip("/")}
        found = deploy(packed, parameters={**parameters, **own}, **where, **clients)
    return found


if __name__ == "__main__":
    main(sys.argv[1:])
