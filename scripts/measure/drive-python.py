"""Makes calls through the Python SDK that is installed, each under a Base URL of its own.

In, on standard input: {"base", "key", "wrongKey", "seconds", "threads", "calls": [call, ...], "todo": [[place, [index, ...]], ...]}.
Out: a line [place, index, got] for each call. The calls of one place are made one after the other, those of several places at once. Where one
hangs, what is like it would hang as well: the other calls of its group are left out there, and printed as null.
"""

import inspect
import json
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import anthropic
import pydantic
from anthropic.lib.tools import BetaBuiltinFunctionTool

asked = json.load(sys.stdin)
calls = asked["calls"]
# Nobody waits before a retry: what comes of it is the same.
time.sleep = lambda _: None
shared = anthropic.DefaultHttpxClient(timeout=asked["seconds"])
printing = threading.Lock()


def client_for(place, index):
    call = calls[index]
    return anthropic.Anthropic(
        api_key=asked["wrongKey"] if call.get("wrongKey") else asked["key"],
        base_url=f"{asked['base']}/{place}/{index}",
        timeout=asked["seconds"],
        http_client=shared,
    )


def arguments(method, asked_of_it):
    """The body as keywords, as far as the method knows them, and what it does not know beside them."""
    known = inspect.signature(method).parameters
    body = asked_of_it["body"]
    return {
        **{name: value for name, value in body.items() if name in known},
        "extra_body": {name: value for name, value in body.items() if name not in known},
        "extra_headers": asked_of_it["headers"],
    }


def create(client, asked_of_it):
    return client.messages.create(**arguments(client.messages.create, asked_of_it))


def stream(client, asked_of_it):
    heard = ""
    with client.messages.stream(**arguments(client.messages.stream, asked_of_it)) as streaming:
        for text in streaming.text_stream:
            heard += text
        return streaming.get_final_message(), heard


def events(client, asked_of_it, most=None):
    seen = []
    came = client.messages.create(**{**arguments(client.messages.create, asked_of_it), "stream": True})
    for event in came:
        seen.append(event)
        if most is not None and len(seen) > most:
            came.close()
            break
    return seen


def following(first, answer, then):
    """The request that goes on from an answer, with the results of its tools; its content as the SDK gave it."""
    called = [block for block in answer.content if block.type == "tool_use"]
    results = [
        {
            "type": "tool_result",
            "tool_use_id": block.id,
            **({"content": then["result"]} if "result" in then else {}),
            **({"is_error": True} if then.get("isError") else {}),
        }
        for block in called
    ]
    said = [{"type": "text", "text": then["says"]}] if "says" in then else []
    turns = [{"role": "user", "content": results + said}, *then["body"].get("messages", [])]
    if isinstance(then["body"].get("thread"), dict):
        others = {name: value for name, value in first.items() if name not in ("system", "tools")}
        thread = {"type": "continue", "previous_message_id": answer.id}
        return {**others, **then["body"], "thread": thread, "messages": turns}
    history = [*first["messages"], {"role": "assistant", "content": answer.content}]
    return {**first, **then["body"], "messages": [*history, *turns]}


class Tool(BetaBuiltinFunctionTool):
    def __init__(self, definition, inputs):
        self.definition = definition
        self.inputs = inputs

    def to_dict(self):
        return self.definition

    def call(self, input):
        self.inputs.append([self.definition["name"], input])
        return "Recorded."


def run_tools(client, call):
    inputs = []
    run = client.beta.messages.tool_runner
    given = arguments(run, {**call, "body": {name: value for name, value in call["body"].items() if name != "tools"}})
    tools = [Tool({"type": "custom", **tool}, inputs) for tool in call["body"]["tools"]]
    message = run(**given, tools=tools, max_iterations=4, stream=call["stream"]).until_done()
    return [inputs, message]


kinds = {"string": str, "integer": int, "number": float, "boolean": bool, "array": list, "object": dict}


def parse(client, call):
    body = dict(call["body"])
    config = dict(body.pop("output_config"))
    properties = config.pop("format")["schema"]["properties"]
    model = pydantic.create_model("Answer", **{name: (kinds[value["type"]], ...) for name, value in properties.items()})
    given = arguments(client.messages.parse, {**call, "body": body})
    return client.messages.parse(**given, output_format=model, **({"output_config": config} if config else {})).parsed_output


def together(client, all_of_them):
    with ThreadPoolExecutor(len(all_of_them)) as pool:
        return list(pool.map(lambda one: create(client, one), all_of_them))


def looped(client, call):
    first = stream(client, call)[0] if call["stream"] else create(client, call)
    then = {"body": following(call["body"], first, call["next"]), "headers": call["next"]["headers"]}
    return [first, stream(client, then)[0] if call["stream"] else create(client, then)]


def listed(client, call):
    found = []
    for model in client.models.list(limit=call["limit"]):
        found.append(model)
        if len(found) > 9:
            break
    return found


def doing(client, call):
    match call["does"]:
        case "create":
            return create(client, call)
        case "stream":
            return stream(client, call)
        case "raw":
            return events(client, call)
        case "leave":
            events(client, call, 5)
            return create(client, call)
        case "together":
            return together(client, call["all"])
        case "loop":
            return looped(client, call)
        case "runner":
            return run_tools(client, call)
        case "parse":
            return parse(client, call)
        case "count":
            return client.messages.count_tokens(**arguments(client.messages.count_tokens, call))
        case "models":
            return listed(client, call)
        case "model":
            return client.models.retrieve(call["id"])


def plain(value):
    if isinstance(value, anthropic.BaseModel):
        return value.to_dict(mode="json", warnings=False)
    if isinstance(value, pydantic.BaseModel):
        return value.model_dump(mode="json", warnings=False)
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    if isinstance(value, dict):
        return {str(name): plain(one) for name, one in value.items()}
    return value if value is None or isinstance(value, (str, int, float, bool)) else str(value)


def raised(error):
    body = getattr(error, "body", None)
    inner = body.get("error") if isinstance(body, dict) else None
    kind = inner.get("type") if isinstance(inner, dict) else None
    return {
        "name": type(error).__name__,
        "status": getattr(error, "status_code", None),
        "type": kind if isinstance(kind, str) else None,
        "words": f"{error}, {type(getattr(error, 'request_id', None)).__name__}",
    }


def make(place, index):
    try:
        return {"is": "result", "value": plain(doing(client_for(place, index), calls[index]))}
    except Exception as error:  # Whatever it is: that is what is measured.
        return {"is": "error", "error": raised(error)}


# The errors that say that nothing came any more.
hanging = ("APITimeoutError", "ReadTimeout")


def make_all(todo):
    place, indices = todo
    hung = set()
    for index in indices:
        group = calls[index]["group"]
        got = None if group in hung else make(place, index)
        if got is not None and got["is"] == "error" and got["error"]["name"] in hanging:
            got = {"is": "hung"}
            hung.add(group)
        with printing:
            print(json.dumps([place, index, got]), flush=True)


with ThreadPoolExecutor(asked["threads"]) as pool:
    list(pool.map(make_all, asked["todo"]))
