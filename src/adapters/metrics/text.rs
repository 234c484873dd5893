use std::collections::HashSet;
use std::fmt::Write as _;

/// Converts a page of `OpenMetrics` 1.0 to the text format of Prometheus, version 0.0.4. There, the samples
/// of a counter have the name of its metric, so the metric ends with `_total` too. There are no units and no
/// end mark.
pub(super) fn to_prometheus(page: &str) -> String {
    let counters: HashSet<&str> =
        page.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.strip_suffix(" counter")).collect();
    let mut text = String::with_capacity(page.len());
    for line in page.lines() {
        let described = line.strip_prefix("# HELP ").or_else(|| line.strip_prefix("# TYPE "));
        // Writing to memory does not fail.
        let _ = match described.and_then(|rest| rest.split_once(' ')) {
            Some((name, rest)) if counters.contains(name) => {
                let keyword = &line[..line.len() - name.len() - 1 - rest.len()];
                writeln!(text, "{keyword}{name}_total {rest}")
            }
            None if line.starts_with('#') => Ok(()),
            _ => writeln!(text, "{line}"),
        };
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_counter_is_named_as_its_samples_and_the_rest_stays() {
        let page = "# HELP a Number of a\n# TYPE a counter\na_total{b=\"# TYPE a counter\"} 1\n\
                    # HELP a_seconds Age\n# TYPE a_seconds gauge\n# UNIT a_seconds seconds\na_seconds 0.5\n# EOF\n";
        let expected = "# HELP a_total Number of a\n# TYPE a_total counter\n\
                        a_total{b=\"# TYPE a counter\"} 1\n\
                        # HELP a_seconds Age\n# TYPE a_seconds gauge\na_seconds 0.5\n";
        assert_eq!(to_prometheus(page), expected.to_owned());
    }
}
