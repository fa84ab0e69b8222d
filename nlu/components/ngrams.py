"""Character n-gram TF-IDF vectors that can be stored without pickle."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfVectorizer


class CharNgrams:
    """Character n-grams inside word borders, tf-idf with damped counts, rows of length 1."""

    def __init__(self, shortest: int, longest: int, min_count: int = 2) -> None:
        """n-grams of `shortest` to `longest` characters that stand in `min_count` texts."""
        self._settings = (shortest, longest, min_count)
        self._vectorizer = TfidfVectorizer(
            analyzer="char_wb",
            ngram_range=(shortest, longest),
            min_df=min_count,
            sublinear_tf=True,
            lowercase=False,
            dtype=np.float32,
        )

    @property
    def size(self) -> int:
        """Number of columns."""
        return len(self._vectorizer.vocabulary_)

    def fit(self, texts: list[str]) -> CharNgrams:
        """Learn the n-grams and their weights; ValueError if `texts` hold none."""
        self._vectorizer.fit(texts)
        # Set as `load` sets it, in single precision: both must give the same to the last bit.
        self._vectorizer.idf_ = self._vectorizer.idf_.astype(np.float32)
        return self

    def knows(self, text: str) -> bool:
        """Tell whether any character of `text`, spaces aside, was seen in training."""
        return any(c in self._vectorizer.vocabulary_ for c in text if not c.isspace())

    def transform(self, texts: list[str]) -> csr_matrix:
        """Return (len(texts), size) float32; a text with no known n-gram is a row of zeros."""
        # scikit-learn weighs in double precision whatever it was told; a product with double
        # precision would copy all weights of a model for each message
        return self._vectorizer.transform(texts).astype(np.float32)

    def save(self, path: Path) -> None:
        """Write to an .npz file."""
        vocabulary = self._vectorizer.vocabulary_
        terms = sorted(vocabulary, key=vocabulary.get)
        # NUL never stands in a term: the normaliser and the cleaner take it out. One long
        # string is read ten times faster than an array of strings.
        joined = np.frombuffer("\0".join(terms).encode("utf-8"), dtype=np.uint8)
        np.savez(path, terms=joined, idf=self._vectorizer.idf_, settings=np.array(self._settings))

    @classmethod
    def load(cls, path: Path) -> CharNgrams:
        """Read what `save` wrote; OSError, KeyError or ValueError if it cannot be."""
        with np.load(path, allow_pickle=False) as stored:
            ngrams = cls(*(int(n) for n in stored["settings"]))
            terms = stored["terms"].tobytes().decode("utf-8").split("\0")
            ngrams._vectorizer.vocabulary = {term: i for i, term in enumerate(terms)}
            ngrams._vectorizer.idf_ = stored["idf"]
            ngrams._vectorizer._validate_vocabulary()
        return ngrams
