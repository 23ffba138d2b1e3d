# A job on AWS's own X-Ray SDK for Python, with nothing in it that knows of fluoroscope: the SDK sends to 127.0.0.1:2000
# unless AWS_XRAY_DAEMON_ADDRESS says otherwise, and that is where fluoroscope listens. It asks for a page.
#
#   fluoroscope up
#   pip install aws-xray-sdk requests
#   python examples/existing-xray-sdk/app.py http://127.0.0.1:2000/healthz
import sys

import requests
from aws_xray_sdk.core import patch, xray_recorder

patch(["requests"])
xray_recorder.configure(service="hello-job", sampling=False)

with xray_recorder.in_segment("hello-job") as segment:
    segment.put_annotation("polite", True)
    status = requests.get(sys.argv[1], timeout=10).status_code
    print(f"{status}\ntrace {segment.trace_id}")
