"""Whether a background task can still read the uploaded file."""

CLAIMS = ["Since FastAPI 0.106", "Since FastAPI 0.118"]
SEEN = {"fastapi-0.105": "read", "fastapi-0.117": "closed", "fastapi-0.121": "read", "now": "read"}

from asgi import Conversation, call, scope
from fastapi import BackgroundTasks, FastAPI, UploadFile

seen = []


def task(file):
    seen.append("closed" if file.file.closed else "read")


app = FastAPI()


@app.post("/")
def upload(file: UploadFile, tasks: BackgroundTasks):
    tasks.add_task(task, file)
    return {}


body = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nhello\r\n--x--\r\n'
conversation = Conversation([{"type": "http.request", "body": body, "more_body": False}])
call(app, conversation, scope("http", "/", [(b"content-type", b"multipart/form-data; boundary=x")]))
print(*seen)
