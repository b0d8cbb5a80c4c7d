"""Words: which language a word is from, read letter by letter; a bag of letters cannot tell.

python -m demos.words
"""

import random
from collections.abc import Callable
from pathlib import Path
from string import ascii_lowercase
from typing import Any

from autograd import Value, dot, softmax
from demos.claim import claim
from demos.output_folder import output_path, say, shown
from demos.plotting import COLOURS, new_figure, save_figure
from demos.running import run_demo, try_next
from demos.word_lists import LANGUAGES, Words, best_of_any_bag, by_ending, word_lists
from nn import Adam, Layer, LinearLR, Module, accuracy, cross_entropy, fit, normal, zeros

EMBEDDING, STATE, EPOCHS = 4, 10, 5
SHOWN = (("refrain", "refinar"), ("poisson", "spinoso"), ("trapano", "apontar"))  # it gets right


class BagOfLetters(Module):
    """Logistic regression on how often each letter occurs; their order is lost."""

    def __init__(self) -> None:
        self.scores = Layer(26, len(LANGUAGES), "linear")

    def forward(self, word: str) -> Any:
        """Return a logit for each language."""
        return self.scores([float(word.count(letter)) for letter in ascii_lowercase])


class Reader(Module):
    """A recurrent network (Elman, Finding Structure in Time, 1990) on embedded letters.

    state after a letter = tanh(W·[embedding of the letter, state before it] + b): one layer, used
    again for each letter. All it knows of the word, in the end, is in the last state.
    """

    def __init__(self, rng: random.Random) -> None:
        self.embedding = normal([Value(0.0) for _ in range(26 * EMBEDDING)], std=0.5, rng=rng)
        self.start = zeros([Value(0.0) for _ in range(STATE)])
        self.cell = Layer(EMBEDDING + STATE, STATE, "tanh", rng=rng)
        self.scores = Layer(STATE, len(LANGUAGES), "linear", rng=rng)

    def embedded(self, letter: str) -> Any:
        """Return the letter's row of the table: EMBEDDING numbers, learned like all weights."""
        row = ascii_lowercase.index(letter)
        return self.embedding[row * EMBEDDING : (row + 1) * EMBEDDING]

    def states(self, word: str) -> list[list[Value]]:
        """Return the state after each letter."""
        states = [self.start]
        for letter in word:
            states.append(self.cell(self.embedded(letter) + states[-1]))
        return states[1:]

    def forward(self, word: str) -> Any:
        """Return a logit for each language."""
        return self.scores(self.states(word)[-1])


def compare_one_hot_and_embedding(seed: int, letter: str = "e") -> None:
    """Look a letter's row up in a table, and multiply a one-hot row by an equal table."""
    one, other = Reader(random.Random(seed)), Reader(random.Random(seed))
    one_hot = [float(each == letter) for each in ascii_lowercase]
    product = [dot(one_hot, other.embedding[column::EMBEDDING]) for column in range(EMBEDDING)]
    looked_up = one.embedded(letter)
    for row in (looked_up, product):
        dot(row, row).backward()
    say(f"A letter is a row of a table of 26, learned with the rest. {letter} before training:")
    say("    " + " ".join(f"{x.data:6.3f}" for x in looked_up) + "   looked up")
    say("    " + " ".join(f"{x.data:6.3f}" for x in product) + "   a one-hot row times the table")
    gradients = [[x.grad for x in reader.embedding] for reader in (one, other)]
    equal = [x.data for x in looked_up] == [x.data for x in product]
    claim("the two are equal, and so are all gradients", equal and gradients[0] == gradients[1])


def train(model: Module, training: Words, lr: float, backend: str) -> None:
    optimizer = Adam(model.parameters(), lr=lr)
    words, languages = zip(*training, strict=True)
    fit(
        model, words, languages, loss=cross_entropy, optimizer=optimizer, epochs=EPOCHS,
        batch_size=8, clip_norm=1.0, schedule=LinearLR(optimizer, 1.0, 0.1, EPOCHS),
        backend=backend,
    )  # fmt: skip


def share_of(answer: Callable[[str], int], words: Words) -> float:
    return sum(answer(word) == language for word, language in words) / len(words)


def share_right(model: Module, words: Words) -> float:
    return accuracy(model.batch([word for word, _ in words]), [language for _, language in words])


def plot_word(axes: Any, word: str, reader: Reader, bag: BagOfLetters) -> None:
    """Plot the reader's probabilities after each letter, and at the right what the bag says."""
    read = [softmax(reader.scores(state)) for state in reader.states(word)]
    of_bag = softmax(bag(word))
    end = len(word) + 0.5
    for k, (name, colour, marker) in enumerate(zip(LANGUAGES, COLOURS, "os^", strict=False)):
        line = [probabilities[k].data for probabilities in read]
        axes.plot(line, color=colour, marker=marker, linewidth=2, label=name)
        axes.plot(end, of_bag[k].data, color=colour, marker=marker, markersize=11)
    axes.axvline(len(word) - 0.25, color="#888888", linewidth=1)
    axes.set_xticks([*range(len(word)), end], [*word, "bag"])
    axes.set(ylim=(-0.03, 1.03), ylabel="probability", xlabel="if the word ended here")
    axes.grid(alpha=0.3)


def save_picture(reader: Reader, bag: BagOfLetters, languages: dict[str, int]) -> Path:
    """Plot pairs of anagrams, one above the other."""
    figure, axes = new_figure(len(SHOWN), 2, width=5, height=3.8)
    for column, pair in enumerate(SHOWN):
        for row, word in enumerate(pair):
            plot_word(axes[row, column], word, reader, bag)
            axes[row, column].set_title(f"{word} is {LANGUAGES[languages[word]]}")
    axes[0, 1].legend(ncols=3, loc="lower center", bbox_to_anchor=(0.5, 1.12))
    return save_figure(figure, output_path("words"))[0]


def main(backend: str = "eager", seed: int = 0, quick: bool = False) -> None:
    training, held_out, anagrams = word_lists()
    say(f"{len(training)} words of {', '.join(LANGUAGES)}, without accents: which language?")
    say("Kept for later: words with the letters of a word of another language, as in")
    say(f"    {', '.join(f'{one}/{other}' for one, other in SHOWN)} ...\n")
    compare_one_hot_and_embedding(seed)
    say()
    bag, reader = BagOfLetters(), Reader(random.Random(seed))
    for model, lr in ((bag, 0.05), (reader, 0.02)):
        say(f"{type(model).__name__} has {len(model.parameters())} parameters; it trains ...")
        train(model, training[::5] if quick else training, lr, backend)
    best = best_of_any_bag(anagrams)
    right = {m: (share_right(m, held_out), share_right(m, anagrams)) for m in (bag, reader)}
    say(f"\nWords it has not seen:   {len(held_out)} words   {len(anagrams)} anagrams")
    for model, (of_words, of_anagrams) in right.items():
        say(f"    {type(model).__name__:15} {of_words:13.0%} {of_anagrams:14.0%}")
    tables = {n: by_ending(training, n) for n in (2, 3)}
    of_endings = {n: share_of(table, held_out) for n, table in tables.items()}
    for n, table in tables.items():
        told = f"last {n} letters"
        say(f"    {told:15} {of_endings[n]:13.0%} {share_of(table, anagrams):14.0%}")
    say(f"    any bag, at best              {best:14.0%}")
    say("Guessing gives 33 %. Anagrams are the same bag, and a bag gives them the same answer.\n")
    (bag_right, _), (reader_right, on_anagrams) = right.values()
    claim("the reader is right 10 points more often than the bag", reader_right > bag_right + 0.1)
    claim("on anagrams it is better than any bag of letters can be", on_anagrams > best)
    close = abs(reader_right - of_endings[2]) < 0.05
    claim("a table that counts two-letter endings is as good as the reader, to 5 points", close)
    say("So what it has learned may be endings: nothing here needs a longer memory. Its merit is")
    say("that nobody told it where to look.")
    path = save_picture(reader, bag, dict(anagrams))
    say("\nThree pairs: follow its answer from letter to letter, and see how much the")
    say(f"last letter decides; beside it the bag, the same for both words: {shown(path)}")
    try_next(
        "reverse every word before the reader sees it: is the beginning harder to remember?",
        "ask for the number of vowels instead: a task that no table of endings can do",
    )


if __name__ == "__main__":
    run_demo(main)
