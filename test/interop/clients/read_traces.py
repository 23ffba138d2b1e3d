"""Reads what X-Ray knows of a time range through boto3 and prints it as JSON: python read_traces.py ENDPOINT START END"""

import json
import sys
from datetime import datetime, timezone

import boto3

endpoint, start, end = sys.argv[1], float(sys.argv[2]), float(sys.argv[3])
span = {
    "StartTime": datetime.fromtimestamp(start, timezone.utc),
    "EndTime": datetime.fromtimestamp(end, timezone.utc),
}
xray = boto3.client(
    "xray",
    endpoint_url=endpoint,
    region_name="us-east-1",
    aws_access_key_id="any",
    aws_secret_access_key="any",
)


def every(operation, member, **arguments):
    pages = xray.get_paginator(operation).paginate(**arguments)
    return [entry for page in pages for entry in page[member]]


summaries = every("get_trace_summaries", "TraceSummaries", **span)
faults = every("get_trace_summaries", "TraceSummaries", FilterExpression='edge("call-api", "127.0.0.1") { fault }', **span)
ids = [summary["Id"] for summary in summaries]
traces = every("batch_get_traces", "Traces", TraceIds=ids) if ids else []
services = every("get_service_graph", "Services", **span)
trace_services = every("get_trace_graph", "Services", TraceIds=ids) if ids else []
rules = every("get_sampling_rules", "SamplingRuleRecords")

print(
    json.dumps(
        {
            "summaries": summaries,
            "faults": sorted(summary["Id"] for summary in faults),
            "traces": traces,
            "services": services,
            "traceServices": trace_services,
            "rules": [record["SamplingRule"]["RuleName"] for record in rules],
        },
        default=lambda value: value.timestamp() if isinstance(value, datetime) else str(value),
    )
)
