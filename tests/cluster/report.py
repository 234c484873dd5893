"""The table, and what is said of each scenario while they run."""

import sys

HEAD = ["scenario", "requests", "failures", "longest without a write", "acknowledged writes", "lost", "events", "wrong",
        "401s", "verdict"]


class Row:
    """What one scenario showed."""

    def __init__(self, scenario, skipped=None):
        self.scenario, self.skipped = scenario, skipped
        self.notes, self.broken = [], []
        self.ledger = self.result = None
        self.excused = 0
        self.lost, self.wrong, self.unauthorized = [], [], []

    def fill(self, ledger, result):
        self.ledger, self.result = ledger, result
        self.lost, self.wrong, self.unauthorized = result.lost, ledger.wrong, ledger.unauthorized
        if self.scenario.may_lose:
            # A user whose newest writes are gone is refused, or reads what was before them.
            gone = {id(person) for _, person, _ in result.lost}
            explained = [note for note in self.wrong + self.unauthorized if id(note[1]) in gone]
            self.excused = len(explained)
            self.wrong = [note for note in self.wrong if note not in explained]
            self.unauthorized = [note for note in self.unauthorized if note not in explained]

    def failed(self):
        lost = self.lost and not self.scenario.may_lose
        bad = self.result and self.result.misdelivered
        return bool(self.broken or lost or self.wrong or self.unauthorized or bad)

    def verdict(self):
        if self.skipped:
            return self.skipped
        if self.failed():
            return "FAILED"
        return "passed, with the loss that is documented" if self.lost else "passed"

    def cells(self):
        if self.ledger is None:
            return [self.scenario.name, *[""] * (len(HEAD) - 2), self.verdict()]
        wrong = len(self.wrong) + len(self.result.misdelivered)
        return [self.scenario.name, f"{self.ledger.requests:,}", f"{self.ledger.failures.total():,}",
                f"{self.ledger.pause():.1f} s", f"{self.result.acknowledged:,}", str(len(self.lost)),
                f"{self.result.events:,}", str(wrong), str(len(self.unauthorized)), self.verdict()]


def say(row, seconds):
    print(f"\n{row.scenario.name}: {row.verdict()} ({seconds:.0f} s)", file=sys.stderr)
    if row.skipped:
        print("NOT CHECKED: install the package", file=sys.stderr)
    if row.ledger and row.ledger.failures:
        failures = [f"{count} {kind}: {what}" for (kind, what), count in row.ledger.failures.most_common()]
        print("  failures: " + ", ".join(failures), file=sys.stderr)
    if row.excused:
        row.notes.append(f"{row.excused} answers that the loss explains")
    for note in row.notes:
        print(f"  {note}", file=sys.stderr)
    misdelivered = row.result.misdelivered if row.result else []
    for name, texts in [("broken", row.broken), ("lost", [note[2] for note in row.lost]),
                        ("event", misdelivered), ("wrong", [note[2] for note in row.wrong]),
                        ("401", [note[2] for note in row.unauthorized])]:
        for text in texts[:8]:
            print(f"  {name}: {text}", file=sys.stderr)
        if len(texts) > 8:
            print(f"  {name}: and {len(texts) - 8} more", file=sys.stderr)
    sys.stderr.flush()


def table(rows):
    print()
    print("| " + " | ".join(HEAD) + " |")
    print("|" + "---|" * len(HEAD))
    for row in rows:
        print("| " + " | ".join(row.cells()) + " |")
    for row in rows:
        for note in row.notes:
            print(f"\n{row.scenario.name}: {note}", end="")
    print(flush=True)
