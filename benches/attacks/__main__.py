#!/usr/bin/env python3
"""Attacks a release build of svc that has 256 MiB plus its hashes, and prints the effect on it and others.

    cargo build --release && python3 benches/attacks [--binary FILE] [--only ATTACK,…] [--seconds 8] [--rounds 5]

Each attack is made several times. Times and ratios are medians of these rounds, memory and counts are the
greatest; of the guesses, all are medians.

Needs Linux and Python 3.9 or later, nothing else. docs/benchmarks.md has figures, and explains them."""

import argparse
import os
from pathlib import Path
from statistics import median
from time import sleep
from types import SimpleNamespace

from lab import MIB, Attack, Observer, PROCESSES, Service, Static
from traffic import ATTACKS, Target, guesses

RELEASE = Path(__file__).parents[2] / "target/release/svc"
GIVEN_BACK_WITHIN = 5
ADDRESSES = {"many_connections": 40, "all_of_them": 40}
# Ten times as many log-ins as two cores can hash.
GUESSES_A_SECOND = 500 * len(os.sched_getaffinity(0))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--binary", default=RELEASE, type=lambda path: Path(path).resolve(strict=True))
    parser.add_argument("--only", default=None, type=lambda names: names.split(","))
    parser.add_argument("--seconds", default=8, type=float, help="how long an attack takes")
    parser.add_argument("--rounds", default=5, type=int, help="how often each attack is made")
    arguments = parser.parse_args()
    if arguments.rounds < 1:
        parser.error("--rounds is at least 1")
    service, static = Service(arguments.binary), Static()
    try:
        how = "a control group has this limit" if service.group else "no control group could be made: the peak is compared with it"
        print(f"Limit of the process: {service.limit // MIB} MiB, hashes included ({how}). limits.memory: {service.clients // MIB} MiB.")
        observer = Observer(service, static, service.log_in())
        observer.watch(2)
        wanted = lambda name: not arguments.only or name in arguments.only
        under_attack(service, observer, [name for name in ATTACKS if wanted(name)], arguments.seconds, arguments.rounds)
        if wanted("guesses"):
            guessed_at(service, observer, arguments.seconds, arguments.rounds)
        if service.group:
            print(f"At most {service.group.peak():.0f} of {service.limit // MIB} MiB were counted for the control group.")
    finally:
        service.stop()


def combined(rounds, greatest=()):
    """Returns the median of each value of the rounds, or the greatest of those with these names."""
    values = {name: [each[name] for each in rounds] for name in rounds[0]}
    return SimpleNamespace(**{name: max(each) if name in greatest else median(each) for name, each in values.items()})


def times(before, during, after):
    """Returns the p99 of `/users/me`, that of the static answer as `control`, in milliseconds, and the ratios of both."""
    return {
        "before": before[0],
        "during": during[0],
        "after": after[0],
        "control_before": before[1],
        "control_during": during[1],
        "ratio": during[0] / before[0],
        "control_ratio": during[1] / before[1],
    }


def under_attack(service, observer, names, seconds, rounds):
    print()
    print("| attack | MiB before | peak | 5 s after | `/users/me` p99 before, during, after (ms) | static p99 before, during | ratio, that of static | reads failed | refused |")
    print("|---|---|---|---|---|---|---|---|---|")
    for name in names:
        one = combined(
            [attacked(service, observer, name, seconds) for _ in range(rounds)],
            greatest=("rested", "peak", "left", "failures", "refused"),
        )
        print(
            f"| {name} | {one.rested:.0f} | {one.peak:.0f} | {one.left:.0f} "
            f"| {one.before:.2f}, {one.during:.2f}, {one.after:.2f} "
            f"| {one.control_before:.2f}, {one.control_during:.2f} | {one.ratio:.2f}, {one.control_ratio:.2f} "
            f"| {one.failures} | {one.refused:.0f} |",
            flush=True,
        )


def attacked(service, observer, name, seconds):
    before, refused = observer.watch(seconds / 2), service.refused()
    service.forget_peak()
    rested = service.memory()
    attack = Attack(ATTACKS[name], Target(service.port, ADDRESSES.get(name, 8)))
    during = observer.watch(seconds)
    failures = observer.failures
    attack.end()
    sleep(GIVEN_BACK_WITHIN)
    left, peak = service.memory(), service.memory("VmHWM")
    after, refused = observer.watch(seconds / 2), service.refused() - refused
    if service.process.poll() is not None:
        raise SystemExit(f"{name}: the service ended with {service.process.returncode}")
    counted = {"rested": rested, "peak": peak, "left": left, "failures": failures, "refused": refused}
    return counted | times(before, during, after)


def guessed_at(service, observer, seconds, rounds):
    """Sends ten times as many passwords as can be hashed, from addresses that have used up their budgets."""
    one = combined([guesses_and_rest(service, observer, seconds) for _ in range(rounds)])
    print()
    print(f"Guesses: {one.refused:.0f} a second refused (429), {one.others:.1f} answered otherwise.")
    print(f"CPU of the service per refused guess: {one.cpu:.0f} us, less that of the reads.")
    print(
        f"/users/me p99 in ms: {one.before:.2f} before, {one.during:.2f} during ({one.ratio:.2f} x), "
        f"{one.after:.2f} after; static answer {one.control_before:.2f} before, {one.control_during:.2f} during "
        f"({one.control_ratio:.2f} x)."
    )


def guesses_and_rest(service, observer, seconds):
    answers = PROCESSES.Array("q", 2, lock=False)
    target = Target(service.port)
    flood = lambda target: guesses(target, rate=GUESSES_A_SECOND, answers=answers)
    before = observer.watch(seconds)
    attack = Attack([flood], target)
    sleep(seconds)
    cpu, counted = service.cpu(), list(answers)
    during = observer.watch(seconds)
    cpu, counted = service.cpu() - cpu, [now - then for now, then in zip(answers, counted)]
    attack.end()
    cpu_of_reads, after = service.cpu(), observer.watch(seconds)
    cpu_of_reads = service.cpu() - cpu_of_reads
    refused, others = counted
    cost = (cpu - cpu_of_reads) / max(1, refused) * 1e6
    return {"refused": refused / seconds, "others": others / seconds, "cpu": cost} | times(before, during, after)


main()
