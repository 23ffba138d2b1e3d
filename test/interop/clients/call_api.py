"""Calls a URL and traces the call with AWS's X-Ray SDK for Python: python call_api.py -u URL"""

import argparse

import requests
from aws_xray_sdk.core import patch, xray_recorder

patch(["requests"])
xray_recorder.configure(service="call-api", sampling=False)

parser = argparse.ArgumentParser()
parser.add_argument("-u", "--url", required=True)
arguments = parser.parse_args()

with xray_recorder.in_segment("call-api") as segment:
    print(segment.trace_id, flush=True)
    response = requests.get(arguments.url, timeout=10)
    print(response.status_code)
