@testable import ExecGrants
import Testing

/// Compares a sandbox's mounts and a command's directory with the approved ones.
struct ConfinementTests {
    private static let confinement = Confinement(directory: "/w/b", writable: ["/w/b", "/w/c"])

    /// The machine's directories, with links resolved.
    private static let machine: [String: UInt64] = [
        "/": 1, "/w": 2, "/w/b": 3, "/w/c": 4, "/w/b/data": 5, "/tmp": 6, "/o": 7, "/w/c/b": 8,
    ]

    private static func identify(_ path: String) -> FileIdentity? {
        machine[path].map { FileIdentity(device: 1, inode: $0) }
    }

    private static func view(at inode: UInt64? = 3, _ mounts: (String, UInt64)...) -> ProcessView {
        ProcessView(
            directory: inode.map { FileIdentity(device: 1, inode: $0) }, directoryPath: "/seen",
            writable: mounts.map { .init(path: $0.0, identity: FileIdentity(device: 1, inode: $0.1)) })
    }

    private static func objection(_ view: ProcessView, to confinement: Confinement = confinement) -> String? {
        confinement.objection(to: view, shared: ["/tmp"], identify: identify)
    }

    @Test func whatWasSaidStarts() {
        #expect(Self.objection(Self.view(("/tmp", 6), ("/w/b", 3), ("/w/c", 4))) == nil)
        #expect(Self.objection(Self.view(("/w/b", 3))) == nil)
        // codex names the directory by a link, and bubblewrap mounts it under the link's name.
        #expect(Self.objection(Self.view(("/link", 3))) == nil)
    }

    @Test(arguments: [2, 7, 4, nil] as [UInt64?])
    func aCommandElsewhereDoesNot(_ inode: UInt64?) {
        #expect(Self.objection(Self.view(at: inode))?.contains("in /seen, and not in /w/b") == true)
    }

    @Test func aDirectoryThatIsGoneIsNone() {
        let gone = Confinement(directory: "/gone", writable: ["/gone"])
        #expect(Self.objection(Self.view(), to: gone) != nil)
        let unknown = Confinement(directory: nil, writable: ["/w/b"])
        #expect(Self.objection(Self.view(at: nil, ("/w/b", 3)), to: unknown) == nil)
    }

    @Test(arguments: [("/w/b", 2), ("/w/b", 1), ("/w", 2), ("/o", 7), ("/w/b", 7)] as [(String, UInt64)])
    func whatMayNotBeWrittenIsNotMounted(_ path: String, _ inode: UInt64) {
        #expect(Self.objection(Self.view(("/w/c", 4), (path, inode)))?.contains("could write to \(path)") == true)
    }

    @Test func aFileSystemBelowIsTheMachines() {
        #expect(Self.objection(Self.view(("/w/b/data", 5), ("/w/b", 3))) == nil)
        #expect(Self.objection(Self.view(("/link", 3), ("/link/data", 5))) == nil)
        // Mounted in the sandbox, but not on the machine.
        #expect(Self.objection(Self.view(("/w/b", 3), ("/w/b/data", 7))) != nil)
        #expect(Self.objection(Self.view(("/w/b", 3), ("/w/b/other", 5))) != nil)
        #expect(Self.objection(Self.view(("/w/b", 3), ("/w/bdata", 5))) != nil)
        // The source was resolved when it was a link, the target when it was not.
        #expect(Self.objection(Self.view(("/w/c", 4), ("/w/c/b", 1))) != nil)
    }

    @Test func nothingIsWritableWithoutAWord() {
        let reading = Confinement(directory: "/w/b", writable: [])
        #expect(Self.objection(Self.view(("/w/b", 3)), to: reading) != nil)
        #expect(Self.objection(Self.view(("/tmp", 6)), to: reading) == nil)
        let everything = Confinement(directory: "/w/b", writable: nil)
        #expect(Self.objection(Self.view(("/", 1)), to: everything) == nil)
        #expect(Self.objection(Self.view(at: 7, ("/", 1)), to: everything) != nil)
    }

    @Test func aLauncherIsToldBeforeItMountsAnything() {
        func objection(_ inode: UInt64, _ links: [String: String]) -> String? {
            Self.confinement.objection(
                toLauncher: Self.view(at: inode), identify: Self.identify,
                resolve: { links[$0] ?? (Self.machine[$0] == nil ? nil : $0) })
        }
        #expect(objection(3, [:]) == nil)
        #expect(objection(2, [:])?.contains("not in /w/b") == true)
        #expect(objection(3, ["/w/c": "/o"])?.contains("could write to /o") == true)
    }
}

struct MountTableTests {
    private static let machine = """
        22 1 254:0 / / rw,relatime - ext4 /dev/vda rw
        23 22 0:6 / /dev rw - devtmpfs devtmpfs rw
        24 23 0:23 / /dev/shm rw - tmpfs tmpfs rw
        25 22 0:30 / /run/a rw - tmpfs tmpfs rw
        """

    private static func writable(_ lines: String) throws -> [String] {
        let table = try #require(MountTable(Array(lines.utf8)))
        return table.writable(besides: try #require(MountTable(Array(machine.utf8)))).map(\.path)
    }

    /// As bubblewrap leaves it: a mount that another one covers is unchanged.
    @Test func aSandboxHasWhatItMayWrite() throws {
        let lines = """
            132 64 254:0 / / ro,nosuid - ext4 /dev/vda rw
            147 132 0:6 / /dev ro - devtmpfs devtmpfs rw
            148 147 0:23 / /dev/shm rw - tmpfs tmpfs rw
            149 148 0:27 / /dev/shm ro - tmpfs tmpfs rw
            150 147 0:24 / /dev/pts rw - devpts devpts rw
            174 147 0:41 / /dev rw - tmpfs tmpfs rw
            175 174 0:6 /null /dev/null rw - devtmpfs devtmpfs rw
            181 174 0:42 / /dev/pts rw - devpts devpts rw
            183 132 254:0 /tmp /tmp rw - ext4 /dev/vda rw
            190 132 254:0 /w/b\\040c /w/b\\040c rw shared:1 master:2 - ext4 /dev/vda rw
            191 190 0:49 / /w/b\\040c/.git ro - tmpfs tmpfs rw
            196 132 0:54 / /proc rw - proc proc rw
            """
        #expect(try Self.writable(lines) == ["/dev/null", "/tmp", "/w/b c"])
    }

    @Test func aFileSystemOfTheMachinesIsNoneOfTheSandboxs() throws {
        #expect(try Self.writable("1 0 0:30 / /run/a rw - tmpfs tmpfs rw") == ["/run/a"])
        #expect(try Self.writable("1 0 0:77 / /run/a rw - tmpfs tmpfs rw") == [])
        #expect(try Self.writable("1 0 0:77 / /run/a rw - fuse.x x rw") == ["/run/a"])
    }

    /// A parent directory can be renamed, and then the mounts below it are visible again.
    @Test func aMountOnADirectoryAboveHidesNothing() throws {
        let lines = "1 0 254:0 / / ro - ext4 x rw\n2 1 254:0 /o /a/b rw - ext4 x rw\n3 1 0:77 / /a ro - tmpfs t rw"
        #expect(try Self.writable(lines) == ["/a/b"])
    }

    @Test(arguments: [
        "", "1 0 254:0 / / rw", "x 0 254:0 / / rw - ext4 x rw", "1 0 254:0 / / - ext4 x rw",
        "1 0 254:0 / / rw -", "1 0 254:0 / /\\377 rw - ext4 x rw",
    ])
    func whatIsNotUnderstoodIsNothing(_ line: String) {
        #expect(MountTable(Array(line.utf8)) == nil)
    }

    @Test func namesThatNobodyWritesToMayBeAnything() {
        #expect(MountTable(Array("1 0 254:0 / /\\377 ro - ext4 x rw".utf8)) != nil)
    }
}
