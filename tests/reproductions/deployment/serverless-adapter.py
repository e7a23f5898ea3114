"""In a Lambda function no path with the stage is found, and the response waits for the background task.

Mangum gets the events that API Gateway and SQS send; a small server stands for SQS and keeps what it is sent.
"""

from troubleshoot.testing import Bench

PARAMETERS = {"stage": "/dev", "path": "/reports"}

BROKEN = """
from fastapi import BackgroundTasks, FastAPI
from mangum import Mangum
from pydantic import BaseModel

app = FastAPI()


class Report(BaseModel):
    name: str


def build(report):
    print(f"built {report.name}")


@app.post("/reports", status_code=202)
def order(report: Report, tasks: BackgroundTasks):
    tasks.add_task(build, report)
    return {"status": "accepted"}


handler = Mangum(app)
"""

WRONG = {
    "api_gateway_base_path": [("Mangum(app)", 'Mangum(app, api_gateway_base_path="/dev")')],
    "FastAPI(root_path=...)": [("app = FastAPI()\n\n\nclass", 'app = FastAPI(root_path="/dev")\n\n\nclass')],
    "Mangum without lifespan": [("Mangum(app)", 'Mangum(app, lifespan="off")')],
}

FILES = {
    "calls.py": """
import json

import handler


def call(method, path, body=None):
    http = {"method": method, "path": path, "sourceIp": "192.0.2.1", "protocol": "HTTP/1.1"}
    event = {"version": "2.0", "rawPath": path, "rawQueryString": "", "headers": {"content-type": "application/json"}}
    event |= {"requestContext": {"stage": "dev", "http": http}, "body": body, "isBase64Encoded": False}
    response = handler.handler(event, None)
    print("returned", response["statusCode"], response["body"])


call("POST", "/dev/reports", json.dumps({"name": "first"}))
call("GET", "/dev/docs")
""",
    "work.py": """
import sys

import handler

records = [{"eventSource": "aws:sqs", "body": body} for body in sys.argv[1:]]
handler.handler({"Records": records}, None)
""",
    "sqs.py": """
import hashlib
import json

from fastapi import FastAPI, Request

app = FastAPI()
messages = []


@app.post("/{path:path}")
async def send(request: Request):
    body = json.loads(await request.body())["MessageBody"]
    messages.append(body)
    return {"MessageId": "1", "MD5OfMessageBody": hashlib.md5(body.encode()).hexdigest()}


@app.get("/messages")
async def read():
    return messages
""",
}


# --- check ---
def check(bench: Bench) -> None:
    import json

    from troubleshoot.testing import get

    with bench.server(app="sqs:app") as sqs:
        env = {"AWS_ENDPOINT_URL_SQS": sqs.url(), "QUEUE_URL": sqs.url("/1/reports"), "AWS_DEFAULT_REGION": "eu-west-1"}
        env |= {"AWS_ACCESS_KEY_ID": "nobody", "AWS_SECRET_ACCESS_KEY": "nothing"}
        called = bench.run("calls.py", env=env)
        assert called.returncode == 0, called.stderr
        messages = json.loads(get(sqs.url("/messages"))[2])
    assert 'returned 202 {"status":"accepted"}' in called.stdout
    assert "/dev/openapi.json" in called.stdout
    assert "built" not in called.stdout, "the response waited for the work"
    assert [json.loads(message) for message in messages] == [{"name": "first"}]
    assert "built first" in bench.run("work.py", *messages, env=env).stdout
