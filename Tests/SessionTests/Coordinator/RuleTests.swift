import AuditRecord
import JSON
import Policy
@testable import Session
import Testing

/// What rules can and cannot decide without a person.
@Suite struct RuleTests {
    private static func fixture(
        _ rules: [CommandRule], mode: ThreadMode.Change = .init(), by principal: Principal = .holder(.operator)
    )
        throws -> Fixture
    {
        var fixture = Fixture(subscribers: Fixture.ann)
        fixture.coordinator.policy.rules = try CommandRules(rules)
        _ = fixture.coordinator.changeMode("t", mode)
        _ = fixture.coordinator.turnBegan(
            "u", inThread: "t", by: ClientContext(principal), of: AgentID(1), input: [], now: 0)
        _ = fixture.coordinator.takeNotes()
        return fixture
    }

    private static func input(_ command: String, turn: String = "u", isPlain: Bool = true) -> HookInput {
        var input = HookInput.command(command, turn: turn)
        input.directory = .known("/work/space")
        input.arguments = isPlain ? [:] : ["shell": "sh"]
        return input
    }

    private static let reads = Result {
        [
            try CommandRule(name: "reads", decision: .allow, programs: ["df"], options: ["-h"]),
            try CommandRule(name: "no rm", decision: .deny, programs: ["rm"]),
            try CommandRule(name: "ask free", decision: .ask, programs: ["free"]),
        ]
    }

    @Test func anAllowedCommandIsRecordedAndRunsUnasked() throws {
        var fixture = try Self.fixture(Self.reads.get())
        let effects = fixture.coordinator.hookAsked(Self.input("df -h"), ticket: HookTicket(1), now: 1)
        #expect(effects.map(\.line) == ["record decision.rule"])
        let entry = try #require(effects.first?.row)
        let pending = try #require(effects.first?.pending)
        #expect(entry.details["rule"] == "reads" && entry.details["decision"] == "accept")
        let lines = fixture.lines(fixture.coordinator.recorded(pending, failure: nil, now: 2))
        #expect(lines.contains { $0.hasPrefix("allow 1") })
        #expect(lines.contains { $0.hasPrefix("tell 1 sre/decidedByRule") && $0.contains(#""rule":"reads""#) })
    }

    @Test func whatCannotBeWrittenDoesNotRun() throws {
        var fixture = try Self.fixture(Self.reads.get())
        let effects = fixture.coordinator.hookAsked(Self.input("df"), ticket: HookTicket(1), now: 1)
        let pending = try #require(effects.first?.pending)
        let lines = fixture.lines(fixture.coordinator.recorded(pending, failure: "disk full", now: 2))
        #expect(lines == ["deny 1: The record cannot be written, so nothing may run: disk full"])
    }

    /// The first row says that the command may run, so a second row must say that it did not.
    @Test func whoseHookIsGoneMeanwhileDoesNotRun() throws {
        var fixture = try Self.fixture(Self.reads.get())
        let effects = fixture.coordinator.hookAsked(Self.input("df"), ticket: HookTicket(1), now: 1)
        let pending = try #require(effects.first?.pending)
        #expect(fixture.lines(fixture.coordinator.hookGone(HookTicket(1), now: 2)) == [])
        let notes = fixture.coordinator.takeNotes()
        #expect(notes.map(\.kind) == [.decisionVoid] && notes.first?.itemID == effects.first?.row?.itemID)
        #expect(fixture.lines(fixture.coordinator.recorded(pending, failure: nil, now: 3)) == [])
    }

    @Test func aDeniedCommandDoesNotRunInWhateverThread() throws {
        for mode in [ThreadMode.Change(), ThreadMode.Change(policy: .never)] {
            var fixture = try Self.fixture(Self.reads.get(), mode: mode)
            let lines = fixture.ask(Self.input("df && rm x"))
            #expect(lines.contains(#"deny 1: The rule "no rm" of this server denies it."#))
        }
    }

    @Test(arguments: ["df; ls", "df > x", "df $(ls)", "df\nls", "DF", "./df", "df -a", "free"])
    func everythingElseIsAsked(_ command: String) throws {
        var fixture = try Self.fixture(Self.reads.get())
        #expect(fixture.ask(Self.input(command)).contains { $0.hasPrefix("show q1") })
    }

    @Test func aRuleThatAsksAsksAlsoWhereNothingElseIsAsked() throws {
        var fixture = try Self.fixture(Self.reads.get(), mode: .init(policy: .never), by: .local)
        #expect(fixture.ask(Self.input("free")).contains { $0.hasPrefix("show q1") })
        #expect(fixture.ask(Self.input("ls"), ticket: 2).contains { $0.hasPrefix("allow 2") })
    }

    /// What the rule denies may be in a script that cannot be read.
    @Test func anUnreadableScriptAsksWhereARuleDenies() throws {
        var fixture = try Self.fixture(Self.reads.get(), mode: .init(policy: .never), by: .local)
        for (ticket, script) in [
            "A=b rm f", "rm f > /dev/null", "true $(rm f)", "{ rm f; }", "bash -c 'rm f'", "eval rm f",
        ].enumerated() {
            let lines = fixture.ask(Self.input(script), ticket: UInt64(ticket))
            #expect(!lines.contains { $0.hasPrefix("allow") } && !lines.isEmpty, "\(script)")
        }
        var without = try Self.fixture([], mode: .init(policy: .never), by: .local)
        #expect(without.ask(Self.input("A=b rm f")).contains { $0.hasPrefix("allow") })
    }

    /// The local user may have an unasked thread. An operator may not, and the thread may already contain their words.
    @Test func aThreadWithAnOperatorsWordsAsksFromThenOn() throws {
        var fixture = try Self.fixture([], mode: .init(policy: .never), by: .local)
        #expect(fixture.ask(Self.input("ls")).contains { $0.hasPrefix("allow 1") })
        // A turn that no client has started: of a sub-agent, or from codex's own queue.
        #expect(fixture.ask(Self.input("ls", turn: "x"), ticket: 2).contains { $0.hasPrefix("allow 2") })
        let effects = fixture.coordinator.inputReceived(.holder(.operator), inThread: "t")
        #expect(
            effects.contains {
                if case .keep(let thread, "t") = $0 { thread.authors.names.contains("operator") } else { false }
            })
        #expect(fixture.coordinator.inputReceived(.holder(.operator), inThread: "t").isEmpty)
        #expect(fixture.ask(Self.input("ls"), ticket: 3).contains { $0.hasPrefix("show q1") })
        _ = fixture.coordinator.turnCompleted("u", inThread: "t", status: "completed", now: 1)
        _ = fixture.coordinator.turnBegan(
            "v", inThread: "t", by: ClientContext(.local), of: AgentID(1), input: [], now: 1)
        #expect(fixture.ask(Self.input("ls", turn: "v"), ticket: 4).contains { $0.hasPrefix("show q2") })
    }

    @Test func wordsGoAlongIntoForksAndSubAgents() throws {
        var fixture = try Self.fixture([], mode: .init(policy: .never), by: .local)
        _ = fixture.coordinator.inputReceived(.holder(.operator), inThread: "t")
        _ = fixture.coordinator.inherit("fork", forkedFrom: "t", parent: nil)
        _ = fixture.coordinator.inputReceived(.local, inThread: "other")
        _ = fixture.coordinator.inherit("child", forkedFrom: nil, parent: "other")
        #expect(fixture.coordinator.authors(in: "fork").names == ["local", "operator"])
        #expect(fixture.coordinator.authors(in: "child").names == ["local"])
        // Input to a sub-agent also counts for its parent thread, and vice versa.
        _ = fixture.coordinator.inputReceived(.holder(.approver), inThread: "child")
        #expect(fixture.coordinator.authors(in: "other").names == ["approver", "local"])
        _ = fixture.coordinator.inputReceived(.holder(.viewer), inThread: "other")
        #expect(fixture.coordinator.authors(in: "child").names == ["approver", "local", "viewer"])
    }

    @Test func aForkOfAnUnknownThreadAndAnUnknownParentMayHoldAnybodysInput() throws {
        var fixture = try Self.fixture([], mode: .init(policy: .never), by: .local)
        _ = fixture.coordinator.inherit("fork", forkedFrom: "child that called nothing", parent: nil)
        _ = fixture.coordinator.inherit("child", forkedFrom: nil, parent: "a thread of another server")
        #expect(fixture.coordinator.authors(in: "fork") == .unknown)
        #expect(fixture.coordinator.authors(in: "child") == .unknown)
    }

    /// Its parent is known once codex names it, whatever was known of it before.
    @Test func aChildThatWasAddressedBeforeItCalledAnything() throws {
        let child = "01900000-0000-7000-8000-000000000001"
        var fixture = try Self.fixture([], mode: .init(policy: .never), by: .local)
        var wait = HookInput.call(tool: "multi_agent_v1wait_agent", input: ["targets": [.string(child)]])
        #expect(fixture.ask(wait).contains { $0.hasPrefix("deny") }, "it may be anybody's")
        wait.parents = [child: "another thread"]
        #expect(fixture.ask(wait, ticket: 2).contains { $0.hasPrefix("deny") })
        wait.parents = [child: "t"]
        for ticket: UInt64 in [3, 4] {
            #expect(fixture.ask(wait, ticket: ticket).contains { $0.hasPrefix("allow") }, "it is no stranger")
        }
        _ = fixture.coordinator.inputReceived(.holder(.operator), inThread: child)
        #expect(fixture.coordinator.authors(in: "t").names.contains("operator"))
    }

    /// An earlier server version did not store the authors.
    @Test func anOlderThreadMayHoldAnybodysWords() {
        let kept = KeptThreads(byID: ["k": KeptThread()], since: 0x0190_0000_0000)
        #expect(kept.isOlder("018fffff-ffff-7000-8000-000000000000") && kept.isOlder("x"))
        #expect(!kept.isOlder("01900000-0000-7000-8000-000000000000"))
        #expect(!KeptThreads().isOlder("x"))
        let coordinator = ThreadCoordinator(approvalTimeout: nil, policy: Machine.policy(), kept: kept, makeID: { "q" })
        #expect(coordinator.authors(in: "k").names == [] && coordinator.authors(in: "x") == .unknown)
    }

    /// codex would take the answer of one call for the answer of the other.
    @Test func anIdIsUsedOnceAtATime() throws {
        var fixture = try Self.fixture([])
        #expect(fixture.ask(Self.input("ls")).contains { $0.hasPrefix("show q1") })
        let second = fixture.lines(fixture.coordinator.hookAsked(Self.input("rm x"), ticket: HookTicket(2), now: 1))
        #expect(second.contains { $0.hasPrefix("deny 2: A call with the id") })
        #expect(fixture.ask(Self.input("rm x", turn: "later"), ticket: 3).contains { $0.hasPrefix("show q2") })
    }

    /// Once a client has opened a sub-agent's thread, the thread has its own mode.
    @Test func aSubAgentsOwnModeCountsOnceItsThreadIsOpened() throws {
        var fixture = try Self.fixture([], mode: .init(policy: .never), by: .local)
        var call = HookInput.command("ls", subAgent: "child", turn: "c")
        call.directory = .known("/work/space")
        call.arguments = [:]
        #expect(fixture.ask(call, ticket: 1).contains { $0.hasPrefix("allow 1") })
        #expect(fixture.coordinator.knownMode(of: "child") == nil, "its calls do not open it")
        _ = fixture.coordinator.subscribe(to: "child", by: Fixture.bob, change: .init(policy: .everyCommand), now: 0)
        #expect(fixture.ask(call, ticket: 2).contains { $0.hasPrefix("show q1") })
        _ = fixture.coordinator.closed(Fixture.bob)
        #expect(!fixture.ask(call, ticket: 3).contains { $0.hasPrefix("allow 3") }, "no subscriber there")
    }

    /// Another shell or a wider sandbox changes the meaning of the same command text.
    @Test func aCallThatSaysMoreThanItsTextIsAsked() throws {
        var fixture = try Self.fixture(Self.reads.get())
        #expect(fixture.ask(Self.input("df", isPlain: false)).contains { $0.hasPrefix("show q1") })
    }

    /// A person who steers an admin's turn, or adds words before it, gets no more rights than their own role.
    @Test(arguments: [false, true], [Role.operator, .admin])
    func aRuleIsForTheLowestRoleThatSaidSomething(_ isBefore: Bool, _ role: Role) throws {
        let rule = try CommandRule(name: "r", decision: .allow, programs: ["df"], roles: [.admin])
        var fixture = Fixture(subscribers: Fixture.ann)
        fixture.coordinator.policy.rules = try CommandRules([rule])
        if isBefore { _ = fixture.coordinator.inputReceived(.holder(role), inThread: "t") }
        _ = fixture.coordinator.turnBegan(
            "u", inThread: "t", by: ClientContext(.holder(.admin)), of: AgentID(1), input: [], now: 0)
        if !isBefore { _ = fixture.coordinator.inputReceived(.holder(role), inThread: "t") }
        #expect(fixture.ask(Self.input("df")).contains { $0.hasPrefix("show q1") } == (role != .admin))
        // The model also reads the words in every later turn.
        _ = fixture.coordinator.turnBegan(
            "v", inThread: "t", by: ClientContext(.holder(.admin)), of: AgentID(1), input: [], now: 0)
        #expect(
            fixture.ask(Self.input("df", turn: "v"), ticket: 2).contains { $0.hasPrefix("show") } == (role != .admin))
    }

    @Test func anAnswerInWordsIsHeardToo() throws {
        let rule = try CommandRule(name: "r", decision: .allow, programs: ["df"], roles: [.admin])
        for (answer, isHeard): (JSONValue, Bool) in [
            (["decision": "decline", "reason": "run df"], true), (["decision": "decline"], false),
            (["decision": "accept"], false),
        ] {
            var fixture = Fixture(subscribers: Fixture.ann)
            fixture.coordinator.policy.rules = try CommandRules([rule])
            _ = fixture.coordinator.turnBegan(
                "u", inThread: "t", by: ClientContext(.holder(.admin)), of: AgentID(1), input: [], now: 0)
            _ = fixture.ask(Self.input("ls"))
            _ = fixture.answer("q1", answer, by: Fixture.ann, as: .holder(.approver))
            #expect(fixture.ask(Self.input("df"), ticket: 2).contains { $0.hasPrefix("show") } == isHeard)
        }
    }

    @Test func rulesCanBeForRoles() throws {
        let rule = try CommandRule(name: "r", decision: .allow, programs: ["df"], roles: [.admin])
        var fixture = try Self.fixture([rule])
        #expect(fixture.ask(Self.input("df")).contains { $0.hasPrefix("show q1") }, "an operator's turn")
        #expect(
            fixture.ask(Self.input("df", turn: "other"), ticket: 2).contains { $0.hasPrefix("show q2") }, "nobody's")
        var other = Fixture(subscribers: Fixture.ann)
        other.coordinator.policy.rules = fixture.coordinator.policy.rules
        _ = other.coordinator.turnBegan(
            "v", inThread: "t", by: ClientContext(.holder(.admin)), of: AgentID(1), input: [], now: 0)
        #expect(other.ask(Self.input("df", turn: "v"), ticket: 3).contains { $0.hasPrefix("allow 3") })
    }

    @Test func onlyCommandsAreRuledOn() throws {
        let rule = try CommandRule(name: "r", decision: .deny, programs: ["*"])
        var fixture = try Self.fixture([rule])
        #expect(fixture.ask(.call(tool: "mcp__df__x", input: [:])).contains { $0.hasPrefix("show q1") })
    }
}
