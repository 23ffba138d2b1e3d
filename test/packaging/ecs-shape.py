"""Holds a task definition to the shape that ECS's API asks for. Run: python ecs-shape.py FILE"""
import json
import sys

import botocore.session
from botocore.validate import ParamValidator

api = botocore.session.get_session().get_service_model("ecs")
shape = api.operation_model("RegisterTaskDefinition").input_shape
with open(sys.argv[1]) as file:
    report = ParamValidator().validate(json.load(file), shape)
sys.exit(report.generate_report() or 0)
