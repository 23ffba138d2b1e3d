"""Thirty requests a second, of which X-Ray's SDK for Python samples as its rules say: python sample_python_sdk.py SERVICE"""

import sys
import time

from aws_xray_sdk.core import xray_recorder
from aws_xray_sdk.ext.util import calculate_sampling_decision, construct_xray_header

service = sys.argv[1]
nothing = {"version": 2, "default": {"fixed_target": 0, "rate": 0}, "rules": []}
xray_recorder.configure(service=service, sampling=True, sampling_rules=nothing)

while True:
    # As the SDK's middlewares do for Flask and Django.
    header = construct_xray_header({})
    request = {"host": "shop.example.com", "method": "GET", "path": "/", "service": service}
    decision = calculate_sampling_decision(header, xray_recorder, request)
    xray_recorder.begin_segment(name=service, traceid=header.root, sampling=decision)
    xray_recorder.end_segment()
    time.sleep(1 / 30)
