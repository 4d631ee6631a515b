"""One line of the result."""


class Proof:
    """Numbers, and any violations."""

    def __init__(self, name: str):
        self.name = name
        self.numbers: list[str] = []
        self.against: list[str] = []

    def number(self, value: object, what: str) -> None:
        self.numbers.append(f"{value} {what}")

    def holds(self, fact: object, otherwise: str) -> None:
        if not fact:
            self.against.append(otherwise)

    def print(self) -> bool:
        print(f"{'FAILED' if self.against else 'proved'}  {self.name}: {', '.join(self.numbers)}")
        for text in self.against[:20]:
            print(f"        {text}")
        if len(self.against) > 20:
            print(f"        and {len(self.against) - 20} more")
        return not self.against
