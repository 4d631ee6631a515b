import PrometheusMetrics
import Testing

/// The text format that Prometheus reads.
@Suite struct ExpositionTests {
    @Test func countersAndGauges() {
        let family = CounterFamily(labels: "by", "decision")
        family.add("rule", "accept")
        family.add("person", "a\"b\\c\nd")
        family.add("rule", "accept")
        var text = Exposition()
        text.gauge("sockets", "Open sockets.", 3)
        text.counters("decisions_total", "Decisions.", family)
        #expect(
            text.text == """
                # HELP sockets Open sockets.
                # TYPE sockets gauge
                sockets 3
                # HELP decisions_total Decisions.
                # TYPE decisions_total counter
                decisions_total{by="person",decision="a\\"b\\\\c\\nd"} 1
                decisions_total{by="rule",decision="accept"} 2

                """)
    }

    @Test func histogramsAreCumulative() {
        let histogram = Histogram(bounds: [0.5, 1])
        for value: Int64 in [400_000_000, 500_000_000, 700_000_000, 3_000_000_000, -5] {
            histogram.observe(nanoseconds: value)
        }
        var text = Exposition()
        text.histogram("wait_seconds", "How long.", histogram)
        #expect(
            text.text == """
                # HELP wait_seconds How long.
                # TYPE wait_seconds histogram
                wait_seconds_bucket{le="0.5"} 3
                wait_seconds_bucket{le="1.0"} 4
                wait_seconds_bucket{le="+Inf"} 5
                wait_seconds_sum 4.6
                wait_seconds_count 5

                """)
    }

    @Test func manyThreadsLoseNoCount() async {
        let family = CounterFamily(labels: "x")
        let histogram = Histogram(bounds: [1])
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<1_000 {
                        family.add("y")
                        histogram.observe(nanoseconds: 1)
                    }
                }
            }
        }
        var text = Exposition()
        text.counters("c_total", "C.", family)
        text.histogram("h", "H.", histogram)
        #expect(text.text.contains("c_total{x=\"y\"} 8000\n"))
        #expect(text.text.contains("h_count 8000\n"))
    }
}
