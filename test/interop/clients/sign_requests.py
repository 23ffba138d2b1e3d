"""Signs requests with botocore and prints the Authorization header of each, one a line.

Standard input is a list of {method, url, headers, body, time, region, service, credentials}, body being base64.
"""

import base64
import datetime
import json
import sys
from unittest import mock

import botocore.auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

# botocore has moved its clock about; whichever it asks, it is told the same time.
clocks = [name for name in ("get_current_datetime",) if hasattr(botocore.auth, name)]


def sign(wanted):
    moment = datetime.datetime.strptime(wanted["time"], "%Y%m%dT%H%M%SZ")
    keys = wanted["credentials"]
    credentials = Credentials(keys["accessKeyId"], keys["secretAccessKey"], keys.get("sessionToken"))
    request = AWSRequest(wanted["method"], wanted["url"], wanted["headers"], base64.b64decode(wanted["body"]))
    signer = botocore.auth.SigV4Auth(credentials, wanted["service"], wanted["region"])
    if clocks:
        with mock.patch.object(botocore.auth, clocks[0], lambda *_, **__: moment):
            signer.add_auth(request)
    else:
        with mock.patch.object(botocore.auth.datetime, "datetime") as clock:
            clock.utcnow.return_value = moment
            signer.add_auth(request)
    return request.headers["Authorization"]


for wanted in json.load(sys.stdin):
    print(sign(wanted))
