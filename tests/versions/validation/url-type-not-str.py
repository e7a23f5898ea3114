"""Whether the value of a URL field is a text."""

CLAIMS = ["Since Pydantic 2"]
SEEN = {"fastapi-0.96": "str", "fastapi-0.105": "object", "now": "object"}

from pydantic import BaseModel, HttpUrl


class Item(BaseModel):
    link: HttpUrl


print("str" if isinstance(Item(link="https://example.com").link, str) else "object")
