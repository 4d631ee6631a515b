import Testing

@testable import ScriptedModel

@Suite("Reading processes, ports, services and logs")
struct ActivityReportTests {
    @Test func `ps, also of a name with spaces`() throws {
        let report = try #require(
            ProcessReport(
                output: """
                        PID USER     %CPU %MEM   RSS COMMAND
                        812 postgres 93.1 12.0 2097152 postgres
                         77 alice     3.0  0.1 20480 tmux: server
                      99001 root     33.3  0.0  4616 ps
                          1 root      0.0  0.0 19600 systemd

                    """))
        #expect(report.rows.map(\.name) == ["postgres", "tmux: server", "systemd"])
        #expect(report.answer(by: .cpu).hasPrefix("`postgres` uses the most CPU: **93.1%** of one"))
        #expect(report.answer(by: .memory).hasPrefix("`postgres` uses the most memory: **2.0 GiB** (12.0%)."))
        #expect(report.answer(by: .cpu).contains("- `tmux: server` (77, `alice`): 3.0% CPU, 20 MiB"))
        #expect(ProcessReport(output: "error: unsupported option\n") == nil)
    }

    @Test func `ss tells what other machines reach`() throws {
        let output = """
            State  Recv-Q Send-Q Local Address:Port  Peer Address:Port Process
            LISTEN 0      128          0.0.0.0:22         0.0.0.0:*    users:(("sshd",pid=812,fd=3))
            LISTEN 0      128             [::]:22            [::]:*    users:(("sshd",pid=812,fd=4),("systemd",pid=1,fd=50))
            LISTEN 0      4096   127.0.0.53%lo:53         0.0.0.0:*    users:(("tmux: server",pid=9,fd=1))
            LISTEN 0      4096           [::1]:631           [::]:*
            LISTEN 0      50   [::ffff:127.0.0.1]:8080          *:*
            LISTEN 0      511                *:80               *:*    users:(("ngi`nx",pid=5,fd=6))
            """
        #expect(
            SocketReport(output: output)?.answer == """
                **2 TCP ports** can be reached from other machines, unless a firewall is in between:

                - 22: `sshd (812)`, `systemd (1)`
                - 80: ``ngi`nx (5)``

                3 ports only from this machine:

                - 53: `tmux: server (9)`
                - 631
                - 8080
                """)
    }

    @Test func `an empty list is believed, a complaint is not`() {
        let heading = "State Recv-Q Send-Q Local Address:Port Peer Address:PortProcess\n"
        #expect(SocketReport(output: heading)?.answer == "No TCP port is listening.")
        #expect(SocketReport(output: "Cannot open netlink socket: Operation not permitted\n" + heading) == nil)
        #expect(SocketReport(output: "") == nil)
    }

    @Test func `ports of another user`() {
        let output = "State Recv-Q\nLISTEN 0 128 0.0.0.0:2024 0.0.0.0:*\n"
        #expect(
            SocketReport(output: output)?.answer.hasSuffix("- 2024\n\nWho listens is not shown to this user.") == true)
    }

    @Test func `systemctl --failed`() {
        let output = """
              UNIT                LOAD   ACTIVE SUB    DESCRIPTION
            ● nginx.service       loaded failed failed A high performance web server
              logrotate.service   loaded failed failed Rotate log files

            Legend: LOAD   → Reflects whether the unit definition was properly loaded.
                    ACTIVE → The high-level unit activation state, i.e. generalization of SUB.

            2 loaded units listed.
            """
        #expect(
            ServiceReport(output: output)?.answer == """
                **2 units** failed:

                - `nginx.service`: `A high performance web server`
                - `logrotate.service`: `Rotate log files`
                """)
        #expect(ServiceReport(output: "  UNIT LOAD\n0 loaded units listed.\n")?.answer == "No service has failed.")
        #expect(ServiceReport(output: "Failed to connect to bus: Host is down\n") == nil)
    }

    @Test func `journalctl`() throws {
        let output = """
            -- Boot 6f1c --
            Nov 22 14:31:06 web1 sshd[812]: error: kex_exchange_identification: Connection closed
            Nov 22 14:32:07 web1 kernel: I/O error, dev sda, sector 12: `x`
            Nov 22 14:33:08 web1 sshd[900]: fatal: Timeout
                a continued line
            """
        let report = try #require(LogReport(output: output))
        #expect(
            report.answer == """
                **3 errors** in the journal in the last hour.

                - `sshd`: 2, last at 14:33:08: `fatal: Timeout`
                - `kernel`: 1, last at 14:32:07: `` I/O error, dev sda, sector 12: `x` ``
                """)
    }

    @Test func `no entries is not always no errors`() {
        #expect(LogReport(output: "-- No entries --\n")?.answer == "No errors in the journal in the last hour.")
        for complaint in [
            "No journal files were found.", "No journal files were opened due to insufficient permissions.",
        ] {
            #expect(LogReport(output: complaint + "\n-- No entries --\n")?.answer.contains("I cannot say") == true)
        }
        #expect(LogReport(output: "journalctl: invalid option\n") == nil)
    }

    @Test func `a full page is only the newest`() {
        let line = "Nov 22 14:31:06 web1 app[1]: x\n"
        let report = LogReport(output: String(repeating: line, count: LogReport.limit))
        #expect(report?.answer.hasPrefix("**at least 100 errors**") == true)
    }
}
