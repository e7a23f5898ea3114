"""What Starlette makes of a template's name in the first place."""

CLAIMS = ["Since Starlette 1.0"]
SEEN = {"fastapi-0.117": "taken with a warning", "fastapi-0.121": "taken with a warning", "now": "TypeError"}

import tempfile
import warnings
from pathlib import Path

from starlette.requests import Request
from starlette.templating import Jinja2Templates

with tempfile.TemporaryDirectory() as folder:
    Path(folder, "page.html").write_text("hello")
    templates = Jinja2Templates(directory=folder)
    request = Request({"type": "http", "method": "GET", "path": "/", "headers": []})
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            templates.TemplateResponse("page.html", {"request": request})
            warned = any("not the first parameter anymore" in str(item.message) for item in caught)
            print("taken with a warning" if warned else "taken")
        except TypeError as error:
            print(type(error).__name__)
