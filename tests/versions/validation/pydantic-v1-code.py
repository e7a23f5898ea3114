"""Whether Pydantic understands `orm_mode`, a name of its first version, or warns that it does not."""

CLAIMS = ["Since Pydantic 2"]
SEEN = {"fastapi-0.96": "understood", "fastapi-0.105": "warned", "now": "warned"}

import warnings

from pydantic import BaseModel

with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")

    class Item(BaseModel):
        class Config:
            orm_mode = True


print("warned" if any("orm_mode" in str(item.message) for item in caught) else "understood")
