"""What takes long to load is loaded once, with the module or by a cached function."""

from __future__ import annotations

import ast

from troubleshoot.code.sighting import Sighting
from troubleshoot.patches.processwide import make_once
from troubleshoot.patching.drafts import Draft

EXAMPLE = {
    "main.py": """
from typing import Annotated

import joblib
import spacy
from fastapi import Depends, FastAPI

app = FastAPI()


def get_model():
    return joblib.load("model.bin")


@app.get("/predict")
def predict(text: str, model: Annotated[object, Depends(get_model)]):
    return model.predict([text])


@app.get("/words")
def split(text: str):
    nlp = spacy.load("en_core_web_sm")
    return [str(word) for word in nlp(text)]
"""
}


def patch(sighting: Sighting, draft: Draft) -> None:
    """Load it where the module is imported, or cache the function that only loads it."""
    function, call = sighting.function, sighting.node
    assert function is not None
    assert isinstance(call, ast.Call)
    make_once(draft, function, call, "model")
