"""The releases that claims are proven on, each set in an environment of its own; `now` is the one that runs the tests."""

STACKS = {
    "fastapi-0.73": ["fastapi==0.73.0", "starlette==0.17.1", "pydantic==1.10.24", "sqlalchemy==1.3.24"],
    "fastapi-0.96": ["fastapi==0.96.1", "starlette==0.27.0", "pydantic==1.10.24"],
    "fastapi-0.105": ["fastapi==0.105.0", "starlette==0.27.0", "pydantic==2.12.5", "python-multipart==0.0.20", "sqlalchemy==1.4.54"],
    "fastapi-0.117": [
        "fastapi==0.117.1", "starlette==0.48.0", "pydantic==2.12.5", "python-multipart==0.0.20", "sqlalchemy==2.0.43",
        "jinja2==3.1.6",
    ],
    "fastapi-0.121": [
        "fastapi==0.121.3", "starlette==0.50.0", "pydantic==2.12.5", "python-multipart==0.0.20", "sqlalchemy==2.0.43",
        "jinja2==3.1.6",
    ],
}  # fmt: skip
