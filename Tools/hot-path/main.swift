// Runs one step of the message path COUNT times, so that its instructions can be counted: `Benchmarks/instructions`.
//
//     hot-path PART COUNT
import Glibc

let arguments = CommandLine.arguments
guard arguments.count == 3, let part = Part(rawValue: arguments[1]), let count = Int(arguments[2]), count >= 0 else {
    print("usage: hot-path \(Part.allCases.map(\.rawValue).joined(separator: "|")) COUNT")
    exit(64)
}
part.run(count)
