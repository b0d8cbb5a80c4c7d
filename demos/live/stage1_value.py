"""Stage 1, a value: a number in a class of our own.

New: the class Value, with one number in it. Why: Python's own 2.0 forgets where it comes from; a
class of our own can be taught to remember.
"""

class Value:
    def __init__(self, data):
        self.data = data
    def __repr__(self): return f"Value({self.data})"

if __name__ == "__main__":
    a = Value(2.0)
    b = Value(-3.0)
    print("a =", a)
    print("b =", b)

"""Cases that pass now: none. The check cannot apply yet: there is no backward().

Type next, after python -i engine.py:

>>> a.data * b.data
-6.0
>>> a * b  # Python looks for a method __mul__ in the class: stage 2 writes it
Traceback (most recent call last):
    ...
TypeError: unsupported operand type(s) for *: 'Value' and 'Value'
"""
