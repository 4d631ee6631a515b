// Measures the audit log, and stands in for a server that is killed or whose disk is full.
//
//     audit-bench notes DIR       rows a second, many notes at once
//     audit-bench latency DIR     sequential writes; alone, and beside 10,000 notes a second
//     audit-bench large DIR       one write directly after a row with a long text
//     audit-bench mask            time for a MiB of texts of several kinds
//     audit-bench verify DIR      rows a second
//     audit-bench write DIR       writes until it is killed; prints a line for each acknowledged write
//     audit-bench full DIR        writes against a file size limit, which is then lifted
import Glibc

let arguments = CommandLine.arguments
let directory = arguments.count > 2 ? arguments[2] : "."

do {
    switch arguments.count > 1 ? arguments[1] : "" {
    case "notes": try Bench.notes(in: directory)
    case "latency": try Bench.latency(in: directory)
    case "large": try Bench.large(in: directory)
    case "mask": Bench.mask()
    case "verify": try Bench.verify(in: directory)
    case "write": try Victim.write(in: directory)
    case "full": try Victim.fillDisk(in: directory)
    default:
        print("usage: audit-bench notes|latency|large|mask|verify|write|full [DIR]")
        exit(64)
    }
} catch {
    print("failed: \(error)")
    exit(1)
}
