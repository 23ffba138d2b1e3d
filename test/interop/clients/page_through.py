"""Pages through everything that comes in pages, and tries tokens on questions they do not belong to.

Reads {"endpoint", "inputs"} as JSON from standard input, inputs by operation; prints what came, by operation.
"""

import json
import sys

import boto3
import jmespath
from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import ClientError

task = json.load(sys.stdin)
client = boto3.client(
    "xray",
    endpoint_url=task["endpoint"],
    region_name="us-east-1",
    aws_access_key_id="any",
    aws_secret_access_key="any",
    config=Config(retries={"total_max_attempts": 1}),
)

# What tells the entries of an answer apart.
entries = {
    "BatchGetTraces": "Traces[].Id",
    "GetGroups": "Groups[].GroupName",
    "GetInsightEvents": "InsightEvents[].Summary",
    "GetInsightSummaries": "InsightSummaries[].InsightId",
    "GetRetrievedTracesGraph": "Services[].Service | [].join(' ', [Name, Type || ''])",
    "GetSamplingRules": "SamplingRuleRecords[].SamplingRule.RuleName",
    "GetSamplingStatisticSummaries": "SamplingStatisticSummaries[].RuleName",
    "GetServiceGraph": "Services[].join(' ', [Name, Type || ''])",
    "GetTimeSeriesServiceStatistics": "TimeSeriesServiceStatistics[].EdgeSummaryStatistics.TotalCount",
    "GetTraceGraph": "Services[].join(' ', [Name, Type || ''])",
    "GetTraceSummaries": "TraceSummaries[].Id",
    "ListResourcePolicies": "ResourcePolicies[].PolicyName",
    "ListRetrievedTraces": "Traces[].Id",
    "ListTagsForResource": "Tags[].Key",
}


def refusal(operation, arguments):
    """The code and message with which a call is refused; nothing when it is not."""
    try:
        getattr(client, xform_name(operation))(**arguments)
    except ClientError as error:
        return f"{error.response['Error']['Code']}: {error.response['Error']['Message']}"
    return None


def pages_by_hand(operation, arguments):
    """Page after page, without botocore's help."""
    token = {}
    while True:
        page = getattr(client, xform_name(operation))(**arguments, **token)
        yield page
        if not page.get("NextToken"):
            return
        token = {"NextToken": page["NextToken"]}


report, tokens = {}, {}
for name, entry in entries.items():
    arguments = task["inputs"].get(name, {})
    pages = list(pages_by_hand(name, arguments))
    tokens |= {name: page["NextToken"] for page in pages[:1] if "NextToken" in page}
    report[name] = {"pages": [jmespath.search(entry, page) for page in pages]}
    if client.can_paginate(xform_name(name)):
        paginator = client.get_paginator(xform_name(name))
        report[name]["botocore"] = [jmespath.search(entry, page) for page in paginator.paginate(**arguments)]
        report[name]["whole"] = jmespath.search(entry, paginator.paginate(**arguments).build_full_result())

for name in entries:
    if name == "BatchGetTraces":
        # It takes no token at all.
        continue
    arguments = task["inputs"].get(name, {})
    foreign = ["bm9uZQ", *(token for other, token in tokens.items() if other != name)]
    report[name]["foreign"] = [refusal(name, {**arguments, "NextToken": token}) for token in foreign]
    if name in tokens and name in task["others"]:
        report[name]["other"] = refusal(name, {**arguments, **task["others"][name], "NextToken": tokens[name]})

unknown = [
    name
    for name in client.meta.service_model.operation_names
    if client.can_paginate(xform_name(name)) and name not in entries
]
json.dump({"report": report, "unknown": unknown}, sys.stdout)
