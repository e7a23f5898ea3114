"""What the security classes ask for: a request alone, or any connection."""

CLAIMS = ["Since FastAPI 0.144"]
SEEN = {"fastapi-0.73": "Request", "fastapi-0.121": "Request", "now": "HTTPConnection"}

import inspect

from fastapi.security import OAuth2PasswordBearer

print(inspect.signature(OAuth2PasswordBearer.__call__).parameters["request"].annotation.__name__)
