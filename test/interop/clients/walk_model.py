"""Sends what ../api-cases.json and botocore's own model of X-Ray make of each operation, and compares every answer with the model.

Reads {"endpoint", "strict", "values"} as JSON from standard input; prints what is wrong, by operation, and what was seen.
"""

import copy
import json
import re
import sys
from pathlib import Path

import boto3
from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import ClientError

table = json.loads((Path(__file__).parent.parent / "api-cases.json").read_text())
task = json.load(sys.stdin)
client = boto3.client(
    "xray",
    endpoint_url=task["endpoint"],
    region_name="us-east-1",
    aws_access_key_id="any",
    aws_secret_access_key="any",
    # What botocore would refuse itself is to reach the server.
    config=Config(parameter_validation=False, retries={"total_max_attempts": 1}),
)
model = client.meta.service_model
GONE = object()


class Conversation:
    """One request at a time: its body when botocore is not to write it, and the answer before botocore has read it."""

    def __init__(self):
        self.body = None
        self.response = None
        client.meta.events.register("before-call.xray", self._replace_body)
        client.meta.events.register("after-call.xray", self._keep_answer)

    def _replace_body(self, params, **_):
        if self.body is not None:
            params["body"] = self.body

    def _keep_answer(self, http_response, **_):
        self.response = http_response

    def send(self, operation, arguments, body=None):
        """The status, the parsed body as it came, and the error's message and code as botocore reads them."""
        self.body = body
        self.response = None
        message = code = None
        try:
            getattr(client, xform_name(operation))(**arguments)
        except ClientError as error:
            message, code = error.response["Error"].get("Message", ""), error.response["Error"]["Code"]
        content = self.response.content
        return Answer(self.response.status_code, self.response.headers, json.loads(content or b"{}"), message, code)


class Answer:
    def __init__(self, status, headers, body, message, code):
        self.status, self.headers, self.body, self.message, self.code = status, headers, body, message, code


conversation = Conversation()
findings = {name: [] for name in table["operations"]}
counts = {name: 0 for name in table["operations"]}
seen = set()
fresh = 0


# ---- values ----


def look_up(value, path):
    for part in path.split("."):
        value = value[part]
    return value


def fill(value, names):
    """The value with what its $words stand for."""
    if isinstance(value, dict):
        return {key: fill(item, names) for key, item in value.items()}
    if isinstance(value, list):
        return [fill(item, names) for item in value]
    return look_up(names, value[1:]) if isinstance(value, str) and value.startswith("$") else value


def changed(value, path, new):
    """A copy with another value at the path, or with nothing there."""
    if not path:
        return new
    result = copy.copy(value)
    if len(path) == 1 and new is GONE:
        del result[path[0]]
    elif len(path) == 1 and new is None and isinstance(path[0], Renamed):
        raise ValueError(path)
    else:
        result[path[0]] = changed(result[path[0]], path[1:], new)
    return result


class Renamed(str):
    """A key of a map, as the thing that is walked."""


def spelled(path):
    """As our messages name a member: `Tags[0].Key`."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def plain(path):
    """As the table names a member: `Tags.Key`."""
    return ".".join(part for part in path if not isinstance(part, int))


def set_members(shape, value, path=()):
    """Every member that is set, at any depth: its path, its shape, and whether the model requires it."""
    if shape.type_name == "structure":
        for name, item in value.items():
            yield path + (name,), shape.members[name], name in shape.required_members
            yield from set_members(shape.members[name], item, path + (name,))
    elif shape.type_name == "list":
        for index, item in enumerate(value):
            yield path + (index,), shape.member, True
            yield from set_members(shape.member, item, path + (index,))
    elif shape.type_name == "map":
        for key in value:
            yield path + (key,), shape.value, True


def all_members(shape, path=()):
    """Every member that the model knows, by name."""
    if shape.type_name == "structure":
        for name, member in shape.members.items():
            yield ".".join(path + (name,))
            yield from all_members(member, path + (name,))
    elif shape.type_name == "list":
        yield from all_members(shape.member, path)


# ---- limits ----


def limits(operation, path, shape):
    """What a length or number must be, after the table; and which of the two are not enforced."""
    low, high = shape.metadata.get("min"), shape.metadata.get("max")
    for row in table["limits"]:
        if operation in row["operations"] and row["member"] == plain(path) and not isinstance(path[-1], int):
            low = row.get("min", low)
            high = row["strictMax"] if task["strict"] and "strictMax" in row else row.get("max", high)
    lifted = {
        row["limit"]
        for row in table["lifted"]
        if operation in row["operations"]
        and row["member"] == plain(path)
        and not isinstance(path[-1], int)
        and not (task["strict"] and row.get("restoredByStrictLimits"))
    }
    return low or None if shape.type_name in ("string", "list", "map") else low, high, lifted


def of_size(shape, value, size):
    """The value, longer or shorter; numbers are their own size."""
    if shape.type_name == "string":
        return value[:size] + "x" * (size - len(value))
    if shape.type_name == "list":
        return [copy.deepcopy(value[index % len(value)]) for index in range(size)]
    if shape.type_name == "map":
        return {f"k{index}": "v" for index in range(size)}
    return size


refusal = re.compile("must not be empty|may have at most|must have at least|must be at most|must be at least|must match")


def is_limit_refusal(answer, name):
    if answer.message is None or answer.code != "InvalidRequestException":
        return False
    named = answer.message.startswith(name) or answer.message.startswith(f"A key of {name}")
    return (named and refusal.search(answer.message)) or "Exceeding maximum query size" in answer.message


# ---- answers ----

simple = {
    "string": lambda value: isinstance(value, str),
    "boolean": lambda value: isinstance(value, bool),
    # 3.0 is a float here, as it is one in the Go SDK, which then gives up.
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "long": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "double": lambda value: isinstance(value, (int, float)) and not isinstance(value, bool),
    "float": lambda value: isinstance(value, (int, float)) and not isinstance(value, bool),
    "timestamp": lambda value: isinstance(value, (int, float)) and not isinstance(value, bool),
}


def differences(shape, value, where):
    """What of an answer is not as the model has it."""
    kind = shape.type_name
    if kind in simple:
        if not simple[kind](value):
            yield f"{where} is {json.dumps(value)}, no {kind}"
        elif getattr(shape, "enum", None) and value not in shape.enum:
            yield f"{where} is {value}, none of {shape.enum}"
    elif kind == "list":
        if not isinstance(value, list):
            yield f"{where} is no list"
            return
        if "max" in shape.metadata and len(value) > shape.metadata["max"]:
            yield f"{where} has {len(value)} members, more than {shape.metadata['max']}"
        for index, item in enumerate(value):
            yield from differences(shape.member, item, f"{where}[{index}]")
    elif kind == "map":
        for key, item in value.items():
            yield from differences(shape.value, item, f"{where}[{key!r}]")
    elif not isinstance(value, dict):
        yield f"{where} is no object"
    else:
        if getattr(shape, "is_tagged_union", False) and len(value) != 1:
            yield f"{where} has {len(value)} members, and is a union"
        for name, item in value.items():
            if name not in shape.members:
                yield f"{where}.{name} is no member of {shape.name}"
                continue
            seen.add(f"{shape.name}.{name}")
            yield from differences(shape.members[name], item, f"{where}.{name}")
        for name, member in shape.members.items():
            is_left_out = f"{shape.name}.{name}" in table["answers"]["listsLeftOut"]
            if member.type_name in ("list", "map") and name not in value and not is_left_out:
                yield f"{where}.{name} is left out, and is a {member.type_name}"
            if name in shape.required_members and name not in value:
                yield f"{where}.{name} is left out, and required"


def error_differences(operation, answer):
    """What of a refusal is not as the model has it."""
    known = {shape.name: shape for shape in operation.error_shapes}
    if answer.code != "InvalidRequestException" and answer.code not in known:
        yield f"answers {answer.code}, which the model does not know of"
    shape = known.get(answer.code)
    status = shape.metadata.get("error", {}).get("httpStatusCode", 400) if shape else 400
    if answer.status != status:
        yield f"answers {answer.code} with {answer.status} instead of {status}"
    if answer.headers.get("x-amzn-errortype") != answer.code:
        yield "has no x-amzn-errortype"
    if not isinstance(answer.body.get("Message"), str) or answer.message != answer.body["Message"]:
        yield f"has no Message: {json.dumps(answer.body)}"


# ---- cases ----


class Walk:
    """All cases of one operation."""

    def __init__(self, name):
        self.name = name
        self.operation = model.operation_model(name)
        self.shape = self.operation.input_shape
        self.row = table["operations"][name]

    def send(self, about, make, raw=False):
        """Fills in an input, sends it between what the table wants before and after, and compares the answer's form."""
        global fresh
        fresh += 1
        counts[self.name] += 1
        names = {**task["values"], "fresh": f"walked-{fresh}"}
        if "before" in self.row:
            step, arguments = self.row["before"]
            names["before"] = conversation.send(step, fill(arguments, names)).body
        value = make(lambda template: fill(template, names))
        body = json.dumps(value).encode() if raw else None
        try:
            answer = conversation.send(self.name, {} if raw else value, body)
        finally:
            if "after" in self.row:
                step, arguments = self.row["after"]
                try:
                    conversation.send(step, fill(arguments, {**names, "sent": value}))
                except (KeyError, TypeError, AttributeError, ValueError):
                    # What was sent has no name by which it could be taken away, and so did nothing.
                    pass
        if not answer.headers.get("content-type", "").startswith("application/json"):
            self.note(about, "is not called JSON")
        if not answer.headers.get("x-amzn-requestid"):
            self.note(about, "has no request id")
        if answer.message is None:
            for difference in differences(self.operation.output_shape, answer.body, self.name) if answer.status == 200 else ():
                self.note(about, difference)
        else:
            for difference in error_differences(self.operation, answer):
                self.note(about, difference)
        return answer

    def note(self, about, text):
        findings[self.name].append(f"{about}: {text}")

    def accepted(self, about, make, raw=False):
        answer = self.send(about, make, raw)
        if answer.message is not None:
            self.note(about, f"refused: {answer.message}")

    def refused(self, about, make, *, naming, raw=False):
        answer = self.send(about, make, raw)
        if answer.message is None:
            self.note(about, "not refused")
        elif answer.code != "InvalidRequestException" or answer.status != 400:
            self.note(about, f"refused with {answer.status} {answer.code}")
        elif naming not in answer.message:
            self.note(about, f"refused without naming {naming}: {answer.message}")

    def walk(self):
        least, full = self.row["least"], self.row["full"]
        self.check_table()
        self.accepted("required members only", lambda fill: fill(least))
        for template in full:
            self.accepted("every member", lambda fill, template=template: fill(template))
        optional = [name for name in self.shape.members if name not in least]
        self.accepted("null", lambda fill: {**fill(least), **dict.fromkeys(optional)}, raw=True)
        for body in ([], "text", 5):
            self.refused(f"the body {body}", lambda fill, body=body: body, naming="body", raw=True)
        for group in [self.row["either"]] if "either" in self.row else []:
            self.refused(f"none of {group}", lambda fill: without(fill(least), group), naming=group[0].split(".")[-1])
        done = set()
        for template in [*full, least]:
            for path, shape, required in set_members(self.shape, template):
                if path not in done:
                    done.add(path)
                    self.walk_member(template, path, shape, required)

    def check_table(self):
        given = {plain(path) for template in [self.row["least"], *self.row["full"]] for path, _, _ in set_members(self.shape, template)}
        for name in set(all_members(self.shape)) - given - set(self.row.get("never", {})):
            self.note("the table", f"no case sets {name}")
        for path, _, required in set_members(self.shape, self.row["least"]):
            is_union = len(path) > 1 and getattr(self.shape.members[path[0]], "is_tagged_union", False)
            if not required and not is_union and plain(path) not in self.row.get("either", []):
                self.note("the table", f"{plain(path)} is not required")

    def walk_member(self, template, path, shape, required):
        name = spelled(path)
        at = lambda new: lambda fill: changed(fill(template), path, new)
        if required and not isinstance(path[-1], int):
            self.refused(f"{name} missing", at(GONE), naming=name) if name_is_fixed(path, self.shape) else None
        wrong = {"string": 5, "boolean": "true", "list": {}, "structure": [], "map": []}.get(shape.type_name, "x")
        self.refused(f"{name} of a wrong type", at(wrong), naming=name, raw=True)
        if isinstance(path[-1], int):
            self.refused(f"{name} null", at(None), naming=name, raw=True)
        if shape.type_name in ("integer", "long"):
            self.refused(f"{name} with a fraction", at(1.5), naming=name, raw=True)
        for value in getattr(shape, "enum", []):
            self.met(f"{name} {value}", at(value), path)
        if getattr(shape, "enum", []):
            self.refused(f"{name} of an unknown value", at("ELSE"), naming=name)
        if "pattern" in shape.metadata:
            self.refused(f"{name} of a wrong pattern", at("?"), naming=name)
        self.walk_limits(template, path, shape)
        if shape.type_name == "map":
            self.walk_keys(template, path, shape)

    def walk_limits(self, template, path, shape):
        name = spelled(path)
        low, high, lifted = limits(self.name, path, shape)
        sized = lambda size: lambda fill: (lambda value: changed(value, path, of_size(shape, look_in(value, path), size)))(fill(template))
        for limit, kind, beyond in ((low, "min", -1), (high, "max", 1)):
            if limit is None or "pattern" in shape.metadata and shape.metadata["pattern"].endswith("{12}"):
                continue
            self.met(f"{name} of {limit}", sized(limit), path)
            if kind in lifted:
                self.met(f"{name} of {limit + beyond}, a limit that is lifted", sized(limit + beyond), path)
            else:
                about = f"{name} of {limit + beyond}"
                answer = self.send(about, sized(limit + beyond))
                if not is_limit_refusal(answer, name):
                    self.note(about, f"not refused for that: {answer.message}")

    def walk_keys(self, template, path, shape):
        name = spelled(path)
        keyed = lambda size: lambda fill: changed(fill(template), path, {"k" * size: "v"})
        low, high = shape.key.metadata["min"], shape.key.metadata["max"]
        for size in (low, high):
            self.met(f"a key of {size} in {name}", keyed(size), path)
        for size in (low - 1, high + 1):
            answer = self.send(f"a key of {size} in {name}", keyed(size))
            if not is_limit_refusal(answer, name):
                self.note(f"a key of {size} in {name}", f"not refused for that: {answer.message}")

    def met(self, about, make, path):
        """Not refused for its size, at least; the table says for what else."""
        answer = self.send(about, make)
        if answer.message is None:
            return
        words = [part for part in path if not isinstance(part, int)]
        otherwise = table["refusedOtherwise"].get(words[-1])
        if is_limit_refusal(answer, spelled(path)) or otherwise is None or not re.search(otherwise, answer.message):
            self.note(about, f"refused: {answer.message}")


def look_in(value, path):
    for part in path:
        value = value[part]
    return value


def without(value, names):
    for name in names:
        path = tuple(name.split("."))
        try:
            value = changed(value, path, GONE)
        except KeyError:
            # It was the other one that was given.
            pass
    return value


def name_is_fixed(path, shape):
    """True of members of structures; the keys of a map may be anything."""
    for part in path[:-1]:
        shape = shape.member if isinstance(part, int) else shape.value if shape.type_name == "map" else shape.members[part]
    return shape.type_name == "structure"


for name in table["operations"]:
    Walk(name).walk()
for row in table["extensions"]:
    walk = Walk(row["operation"])
    walk.accepted("an extension", lambda fill, row=row: fill(row["input"]), raw=True)
for row in table["strict"]:
    walk = Walk(row["operation"])
    if task["strict"]:
        walk.refused("strict limits", lambda fill, row=row: fill(row["input"]), naming=row["says"])
    else:
        walk.accepted("without strict limits", lambda fill, row=row: fill(row["input"]))

unknown = sorted(set(model.operation_names) ^ set(table["operations"]))


def members_of_answers():
    done = set()

    def walk(shape):
        if shape.type_name == "structure" and shape.name not in done:
            done.add(shape.name)
            for name, member in shape.members.items():
                yield f"{shape.name}.{name}"
                yield from walk(member)
        elif shape.type_name == "list":
            yield from walk(shape.member)
        elif shape.type_name == "map":
            yield from walk(shape.value)

    for name in model.operation_names:
        yield from walk(model.operation_model(name).output_shape)


json.dump({"findings": findings, "counts": counts, "unknown": unknown, "unseen": sorted(set(members_of_answers()) - seen)}, sys.stdout)
