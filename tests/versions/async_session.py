"""What SQLAlchemy offers for asyncio, release by release."""


def offered(*names):
    """Return those of `names` that there are, or the word nothing: what printed nothing may have failed."""
    try:
        from sqlalchemy.ext import asyncio
    except ImportError:
        return ["nothing"]
    return [name for name in names if hasattr(asyncio, name)]
