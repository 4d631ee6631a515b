import Testing

@testable import ScriptedModel

@Suite("Reading disks, memory and load")
struct SystemReportTests {
    @Test func `df with names that have spaces, repeated mounts and no limits`() throws {
        let report = try #require(
            DiskReport(
                output: """
                    df: /run/user/1000/doc: Operation not permitted
                    Filesystem            Size  Used Avail Use% Mounted on
                    /dev/mapper/vg-root    40G   11G   27G  29% /
                    /dev/mapper/vg-root    40G   11G   27G  29% /etc/hosts
                    overlay                40G   11G   27G  29% /var/lib/docker/overlay2/0a/merged
                    //nas/my share        1.8T  1.7T  110G  94% /mnt/my share
                    none                     0     0     0    - /sys/fs/bpf

                    """))
        #expect(report.rows.map(\.mountPoint) == ["/mnt/my share", "/", "/var/lib/docker/overlay2/0a/merged"])
        #expect(report.rows.first?.device == "//nas/my share")
        #expect(report.rows.first?.available == "110G")
        #expect(report.answer(.space).contains("**94%** used, 1.7T of 1.8T, 110G free. That is above 80%."))
    }

    @Test func `df -i`() throws {
        let output = """
            Filesystem       Inodes  IUsed    IFree IUse% Mounted on
            /dev/vda       16777216 440420 16336796    3% /
            """
        #expect(
            DiskReport(output: output)?.answer(.inodes)
                == "`/` is the fullest file system: **3%** used, 440420 of 16777216 inodes, 16336796 free. "
                + "Nothing is above 80%.")
    }

    @Test(arguments: ["", "df: no file systems processed\n", "Filesystem Size Used Avail Use% Mounted on\n"])
    func `df without rows is no answer`(output: String) {
        #expect(DiskReport(output: output) == nil)
    }

    @Test func `free with and without swap`() throws {
        let output = """
                           total        used        free      shared  buff/cache   available
            Mem:           24105         570       22490           8        1343       23534
            Swap:              0           0           0
            """
        #expect(
            MemoryReport(output: output)?.answer
                == "**23.0 GiB** of 23.5 GiB memory is available; programs use 2%. There is no swap.")
        let short = output.replacing("23534", with: " 1200").replacing(
            "Swap:              0           0", with: "Swap:           2047         512")
        #expect(
            MemoryReport(output: short)?.answer
                == "**1.2 GiB** of 23.5 GiB memory is available; programs use 95%. That is short. "
                + "Swap: 512 MiB of 2.0 GiB used.")
    }

    @Test func `free of an old system has no column of what is available`() throws {
        let report = try #require(
            MemoryReport(
                output: """
                                 total       used       free     shared    buffers     cached
                    Mem:          1000        900        100          0         50        250
                    -/+ buffers/cache:        600        400
                    """))
        #expect(report.available == 400)
        #expect(report.swapTotal == 0)
    }

    @Test(arguments: ["", "Mem: 1 2 3\n", "total used free\nMem: x\n", "total\nMem: 0\n"])
    func `what is not free is no answer`(output: String) {
        #expect(MemoryReport(output: output) == nil)
    }

    @Test func `uptime and nproc`() {
        #expect(
            LoadReport(output: " 14:39:13 up 20 min,  0 user,  load average: 0.25, 1.83, 1.33\n2\n")?.answer
                == "The load is **0.25** (5 min: 1.83, 15 min: 1.33) on 2 CPUs: 13% of what they can do at once. "
                + "It is falling. Up 20 min.")
        #expect(
            LoadReport(output: "noise\n 03:00:01 up 42 days, 3:07, 2 users, load average: 9,50, 4,00, 2,10\r\n1\r\n")?
                .answer
                == "The load is **9.50** (5 min: 4.00, 15 min: 2.10) on 1 CPU: 950% of what they can do at once. "
                + "Work is waiting for a CPU or for a disk. It is rising. Up 42 days, 3:07.")
    }

    @Test func `uptime without nproc`() {
        let output = " 14:39:13 up 1 min, load average: 0.00, 0.01, 0.05\n/bin/bash: line 1: nproc: command not found\n"
        #expect(LoadReport(output: output)?.answer == "The load is **0.00** (5 min: 0.01, 15 min: 0.05). Up 1 min.")
    }

    @Test(arguments: ["", "load average", "load average: a, b, c\n", "load average: 1.0\n"])
    func `what is not uptime is no answer`(output: String) {
        #expect(LoadReport(output: output) == nil)
    }
}
