"""Words of three languages that share most of their letters, and their anagrams."""

import random
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable
from string import ascii_lowercase

from demos.extras import imports_from

with imports_from("words"):
    from mnemonic import Mnemonic

LANGUAGES = ("French", "Italian", "Portuguese")
N_TRAINING, N_HELD_OUT = 500, 200  # words of each language

Words = list[tuple[str, int]]  # each word beside the number of its language


def word_lists() -> tuple[Words, Words, Words]:
    """Return words to train on, words held out, and anagrams: the same letters, another language.

    Accents go, since they would give the language away, and so do words that languages share.
    """
    listed = [{plain(word) for word in Mnemonic(name.lower()).wordlist} for name in LANGUAGES]
    languages_with = Counter(word for words in listed for word in words)
    own = [sorted(w for w in words if languages_with[w] == 1) for words in listed]
    languages_spelling = Counter(bag for words in own for bag in {letters(w) for w in words})
    training, held_out, anagrams = [], [], []
    for language, words in enumerate(own):
        random.Random(language).shuffle(words)
        others = [(w, language) for w in words if languages_spelling[letters(w)] == 1]
        training += others[:N_TRAINING]
        held_out += others[N_TRAINING : N_TRAINING + N_HELD_OUT]
        anagrams += [(w, language) for w in words if languages_spelling[letters(w)] > 1]
    return training, held_out, anagrams


def plain(word: str) -> str:
    """Return the word without accents: NFKD takes a letter apart into its base and its marks."""
    return "".join(c for c in unicodedata.normalize("NFKD", word) if c in ascii_lowercase)


def letters(word: str) -> str:
    """Return the letters in alphabetical order: anagrams agree in them."""
    return "".join(sorted(word))


def best_of_any_bag(words: Words) -> float:
    """Return the share right of the best answer there is to each bag of letters."""
    languages_of = defaultdict(list)
    for word, language in words:
        languages_of[letters(word)].append(language)
    return sum(max(Counter(found).values()) for found in languages_of.values()) / len(words)


def by_ending(training: Words, length: int) -> Callable[[str], int]:
    """Return the language that most words with an ending have: that of the longest one known."""
    counts: defaultdict[str, Counter[int]] = defaultdict(Counter)
    for word, language in training:
        for k in range(length + 1):
            counts[word[len(word) - k :]][language] += 1

    def answer(word: str) -> int:
        endings = (word[len(word) - k :] for k in range(length, -1, -1))
        ending = next(ending for ending in endings if ending in counts)
        ((language, _),) = counts[ending].most_common(1)
        return language

    return answer
