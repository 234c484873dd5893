/// How much of something bounded each of several clients may use, so that a few of them, or many that take
/// turns, do not use all of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FairShare {
    /// How much there is for all.
    pub whole: usize,
    /// The divisor of the part that one client alone gets at most.
    pub parts: usize,
}

impl FairShare {
    /// Whether a client that uses `used` may take `amount` more when `free` is free for all.
    ///
    /// The more clients there are, the less each gets: each of `n` leaves as much free for the next as it has
    /// itself, times `parts - 1`. The last quarter is for clients that use at most one, and its last half for
    /// those that use nothing. Without this reserve, clients that give up what they have in turn, and take
    /// what is free again, would leave less each time, and nothing in the end.
    #[must_use]
    pub const fn allows(self, used: usize, amount: usize, free: usize) -> bool {
        if used == 0 {
            return amount <= free;
        }
        let reserve = self.whole / 8 * if used == 1 { 1 } else { 2 };
        used.saturating_mul(self.parts - 1) < free
            && used + amount <= self.whole.div_ceil(self.parts)
            && free >= reserve.saturating_add(amount)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_client_gets_its_part_and_several_get_less() {
        for (parts, clients, each) in [(2, 1, 48), (2, 2, 32), (2, 8, 10), (4, 1, 24), (4, 3, 16), (4, 24, 3)]
        {
            let share = FairShare { whole: 96, parts };
            let mut used = vec![0; clients];
            take_all(share, &mut used);
            assert!(used.iter().all(|used| used.abs_diff(each) <= 1), "{parts} {clients}: {used:?}");
        }
    }

    #[test]
    fn clients_that_take_turns_leave_something_for_the_next() {
        for parts in [2, 4] {
            let share = FairShare { whole: 576, parts };
            let mut used = [0; 40];
            for round in 0..1_000 {
                take_all(share, &mut used);
                used[round * 7 % 40] = 0;
            }
            take_all(share, &mut used);
            let free = 576 - used.iter().sum::<usize>();
            // A part of what is free alone would leave 4, and 28.
            assert!(free >= 576 / 8, "{free}: {used:?}");
        }
    }

    #[test]
    fn a_large_amount_leaves_the_reserve() {
        let share = FairShare { whole: 16, parts: 2 };
        assert!(share.allows(0, 16, 16) && !share.allows(0, 5, 4));
        assert!(share.allows(1, 3, 5) && !share.allows(1, 3, 4));
        assert!(share.allows(2, 3, 7) && !share.allows(2, 3, 6));
    }

    /// Gives each client in turn one more, until none gets any.
    fn take_all(share: FairShare, used: &mut [usize]) {
        loop {
            let before = used.iter().sum::<usize>();
            for client in 0..used.len() {
                let free = share.whole - used.iter().sum::<usize>();
                if share.allows(used[client], 1, free) {
                    used[client] += 1;
                }
            }
            if used.iter().sum::<usize>() == before {
                return;
            }
        }
    }
}
