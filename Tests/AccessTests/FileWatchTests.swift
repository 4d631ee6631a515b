import Dispatch
import Glibc
import Policy
import Testing

@testable import Access

@Suite struct FileWatchTests {
    let scratch: Scratch
    let signal = Signal()

    init() throws { scratch = try Scratch() }

    /// Polls once an hour, so that only the kernel's notification counts.
    private func watch(_ name: String, lookEvery interval: DispatchTimeInterval = .seconds(3_600)) -> FileWatch {
        FileWatch(scratch.file(name), DirectoryEvents(), lookEvery: interval) { [signal] in signal.ring() }
    }

    @Test func aReplacedFileIsNoticedEachTime() async throws {
        scratch.write("a", "0")
        let watch = watch("a")
        for number in 1...5 {
            let before = signal.rung
            try PrivateFile.replace(scratch.file("a"), with: [UInt8(number)])
            #expect(await signal.wait(before + 1), "\(number)")
        }
        watch.stop()
    }

    @Test func aWriteInPlaceIsNoticedEvenOfTheSameLength() async throws {
        scratch.write("a", "0")
        let watch = watch("a")
        for number in 1...5 {
            let before = signal.rung
            scratch.write("a", "\(number)")
            #expect(await signal.wait(before + 1), "\(number)")
        }
        watch.stop()
    }

    @Test func aFileThatComesToBeAndGoesIsNoticed() async throws {
        let watch = watch("a")
        scratch.write("a", "0")
        #expect(await signal.wait())
        let before = signal.rung
        unlink(scratch.file("a"))
        #expect(await signal.wait(before + 1))
        watch.stop()
    }

    @Test func aDirectoryThatComesLaterIsFound() async throws {
        let watch = watch("late/a", lookEvery: .milliseconds(10))
        mkdir(scratch.file("late"), 0o700)
        scratch.write("late/a", "0")
        #expect(await signal.wait())
        let before = signal.rung
        scratch.write("late/a", "1")
        #expect(await signal.wait(before + 1))
        watch.stop()
    }

    /// As Kubernetes mounts a ConfigMap: file -> ..data/file, ..data -> a directory, and only `..data` is replaced.
    @Test func aSwappedLinkIsNoticed() async throws {
        for (directory, text) in [("..1", "one"), ("..2", "two")] {
            mkdir(scratch.file(directory), 0o700)
            scratch.write("\(directory)/a", text)
        }
        symlink("..1", scratch.file("..data"))
        symlink("..data/a", scratch.file("a"))
        let watch = watch("a")
        symlink("..2", scratch.file("..data_tmp"))
        rename(scratch.file("..data_tmp"), scratch.file("..data"))
        #expect(await signal.wait())
        // The link's new target is watched too.
        let before = signal.rung
        scratch.write("..2/a", "three")
        #expect(await signal.wait(before + 1))
        watch.stop()
    }

    @Test func otherFilesAreNoneOfItsBusiness() throws {
        scratch.write("a", "0")
        let watch = watch("a")
        scratch.write("b", "0")
        try PrivateFile.replace(scratch.file("c"), with: [1])
        watch.lookNow()
        #expect(signal.rung == 0)
        scratch.write("a", "1")
        watch.lookNow()
        #expect(signal.rung == 1)
        watch.stop()
    }

    @Test func withoutTheKernelsWordItLooksItself() async throws {
        let watch = FileWatch(scratch.file("a"), nil, lookEvery: .milliseconds(10)) { [signal] in signal.ring() }
        scratch.write("a", "0")
        #expect(await signal.wait())
        watch.stop()
    }

    @Test func aWatchThatNobodyHasEnds() throws {
        weak var gone: FileWatch?
        do {
            let watch = watch("a")
            watch.lookNow()
            gone = watch
        }
        #expect(gone == nil)
    }

    @Test func aStoppedWatchIsSilent() async throws {
        let watch = watch("a")
        watch.stop()
        watch.stop()
        scratch.write("a", "0")
        let other = Signal()
        let second = FileWatch(scratch.file("a")) { other.ring() }
        scratch.write("a", "1")
        #expect(await other.wait())
        #expect(signal.rung == 0)
        second.stop()
    }

    @Test func aRevokedTokenIsKnownToTheRunningServer() async throws {
        let store = FileTokenStore(directory: scratch.path)
        let reports = Signal()
        let live = try LiveTokens(store) { _ in reports.ring() }
        let reader = Task { [signal] in for await _ in live.changes { signal.ring() } }
        defer { reader.cancel() }
        let (token, secret) = try store.create(name: "alice", role: .viewer)
        #expect(await signal.wait(1))
        #expect(live.cached.find(secret, now: WallClock.now()) == token)
        try store.revoke("alice")
        #expect(await signal.wait(2))
        #expect(live.cached.find(secret, now: WallClock.now()) == nil)
        // An unreadable file changes nothing.
        scratch.write("tokens.json", "{")
        #expect(await reports.wait())
        #expect(live.cached.tokens.count == 1)
        // A missing file means no tokens.
        unlink(store.path)
        #expect(await signal.wait(3))
        #expect(live.cached.tokens.isEmpty)
        live.stop()
    }
}
