#!/usr/bin/env python3
"""Attacks a release build of svc that has 256 MiB plus its hashes, and prints the effect on it and others.

    cargo build --release && python3 benches/attacks [--binary FILE] [--only ATTACK,…] [--seconds 8]

Needs Linux and Python 3.9 or later, nothing else. docs/benchmarks.md has figures, and explains them."""

import argparse
import os
from pathlib import Path
from time import sleep

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
    arguments = parser.parse_args()
    service, static = Service(arguments.binary), Static()
    try:
        how = "a control group has this limit" if service.group else "no control group could be made: the peak is compared with it"
        print(f"Limit of the process: {service.limit // MIB} MiB, hashes included ({how}). limits.memory: {service.clients // MIB} MiB.")
        observer = Observer(service, static, service.log_in())
        observer.watch(2)
        wanted = lambda name: not arguments.only or name in arguments.only
        under_attack(service, observer, [name for name in ATTACKS if wanted(name)], arguments.seconds)
        if wanted("guesses"):
            guessed_at(service, observer, arguments.seconds)
        if service.group:
            print(f"At most {service.group.peak():.0f} of {service.limit // MIB} MiB were counted for the control group.")
    finally:
        service.stop()


def under_attack(service, observer, names, seconds):
    print()
    print("| attack | MiB before | peak | 5 s after | `/users/me` p99 before, during, after (ms) | static p99 before, during | × of × | reads failed | refused |")
    print("|---|---|---|---|---|---|---|---|---|")
    for name in names:
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
        print(
            f"| {name} | {rested:.0f} | {peak:.0f} | {left:.0f} "
            f"| {before[0]:.2f}, {during[0]:.2f}, {after[0]:.2f} | {before[1]:.2f}, {during[1]:.2f} "
            f"| {during[0] / before[0]:.2f} of {during[1] / before[1]:.2f} | {failures} | {refused:.0f} |",
            flush=True,
        )


def guessed_at(service, observer, seconds):
    """Sends ten times as many passwords as can be hashed, from addresses that have used up their budgets."""
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
    cpu_of_reads, reads = service.cpu(), observer.watch(seconds)
    cpu_of_reads = service.cpu() - cpu_of_reads
    refused, others = counted
    print()
    print(f"Guesses: {refused / seconds:.0f} a second refused (429), {others / seconds:.1f} answered otherwise.")
    print(f"CPU of the service per refused guess: {(cpu - cpu_of_reads) / max(1, refused) * 1e6:.0f} us, less that of the reads.")
    print(
        f"/users/me p99 in ms: {before[0]:.2f} before, {during[0]:.2f} during ({during[0] / before[0]:.2f} x), {reads[0]:.2f} after; "
        f"static answer {before[1]:.2f} before, {during[1]:.2f} during ({during[1] / before[1]:.2f} x)."
    )


main()
