"""Reads a file of trace requests in protobuf, one a line in hex, with the protocol's own definitions.

Prints each as JSON as protobuf maps it, with enumerations as numbers; or null for what is no request.
"""

import json
import sys

from google.protobuf import json_format
from google.protobuf.message import DecodeError
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

for line in open(sys.argv[1], encoding="ascii"):
    try:
        request = ExportTraceServiceRequest.FromString(bytes.fromhex(line))
    except DecodeError:
        print("null")
    else:
        print(json.dumps(json_format.MessageToDict(request, use_integers_for_enums=True)))
