import Testing

@testable import ExecGrants

/// The starting process decides which programs may start.
struct CallerTests {
    private func judge(_ call: ExecCall?, from caller: ExecGate.Caller) -> ExecGate.Verdict {
        var table = table(grant())
        return gate.judge(call, from: caller, &table, now: 1)
    }

    private let setup = ExecCall(
        path: "/proc/self/exe", arguments: ["/proc/self/exe", "--codex-run-as-process-setup", "40"], isAgent: true)

    @Test func processSetupNeedsTheGrantForWhatItStarts() {
        #expect(judge(setup, from: .agentChild) == .admit(.processSetup))
        let after = ExecGate.Caller.below(.processSetup, isSameProcess: true)
        #expect(judge(sandboxed(bash), from: after) == .lookAt(launch(), isLauncher: true))
        #expect(judge(sandboxed(["/bin/bash", "-lc", "rm"]), from: after).reason != nil)
        // The setup is a single step and leads to no other list.
        #expect(judge(setup, from: after).reason != nil)
        #expect(judge(plain(hook), from: after).reason != nil)
        #expect(judge(sandboxed(bash), from: .below(.processSetup, isSameProcess: false)).reason != nil)
    }

    @Test func aGrantedCommandStartsWhatItLikes() {
        let below = ExecGate.Caller.below(.granted(threadID: "t", callID: "c"), isSameProcess: false)
        #expect(judge(nil, from: below) == .admit(.granted(threadID: "t", callID: "c")))
    }

    private func fromInside(_ words: [String]) -> ExecCall {
        var call = plain(words)
        call.isAmongAgentMounts = false
        return call
    }

    /// The launcher starts bubblewrap, which starts codex in the sandbox. Only there is the working directory known.
    @Test func theSandboxIsLookedAtFromInside() {
        let below = ExecGate.Caller.below(.launching(launch()), isSameProcess: false)
        let bubblewrap = ["bwrap", "--bind", "/work", "/work", "--", agent, "--apply-seccomp-then-exec", "--"]
        #expect(judge(plain(bubblewrap + bash), from: below) == .admit(.launching(launch())))
        #expect(judge(plain(bubblewrap + ["/usr/bin/true"]), from: below) == .admit(.launching(launch())))
        #expect(judge(fromInside([agent]), from: below) == .lookAt(launch(), isLauncher: false))
        #expect(judge(nil, from: below).reason != nil)
        // codex's own test of whether bubblewrap works.
        guard
            case .admit(.listed(_, .only([["/usr/bin/true"]]))) = judge(
                plain(["bwrap", "--tmpfs", "/", "--", "/usr/bin/true"]), from: below)
        else {
            Issue.record("the sandbox's check is no command")
            return
        }
    }

    @Test func nothingStartsBesideTheSandbox() {
        let below = ExecGate.Caller.below(.launching(launch()), isSameProcess: true)
        #expect(judge(plain(bash), from: below).reason?.contains("without the sandbox") == true)
        let wide = launch(writable: nil)
        #expect(
            judge(plain(bash), from: .below(.launching(wide), isSameProcess: true))
                == .lookAt(wide, isLauncher: false))
    }

    @Test func aStrangerStartsNothing() {
        #expect(judge(sandboxed(bash), from: .stranger).reason != nil)
        #expect(judge(plain(hook), from: .stranger).reason != nil)
    }

    @Test func theHookStartsTheGateAlone() {
        let descendants = ProgramList.Descendants.only([["/opt/gate", "hook", "/run/gate"]])
        #expect(judge(plain(hook), from: .agentChild) == .admit(.listed(name: "the hook", descendants)))
        let below = ExecGate.Caller.below(.listed(name: "the hook", descendants), isSameProcess: false)
        #expect(
            judge(plain(["/opt/gate", "hook", "/run/gate"]), from: below) == .admit(.listed(name: "the hook", .none)))
        #expect(judge(plain(["/opt/gate", "hook", "/tmp/gate"]), from: below).reason != nil)
        #expect(judge(plain(bash), from: below).reason != nil)
        #expect(judge(nil, from: below).reason != nil)
        #expect(judge(plain(hook + ["more"]), from: .agentChild).reason != nil)
    }

    @Test func theHostOfCodeModeStartsNothing() {
        let below = ExecGate.Caller.below(.listed(name: "the host", .none), isSameProcess: true)
        #expect(judge(plain(bash), from: below).reason == "the host may not start it")
        #expect(judge(plain(["/opt/codex/bin/codex-code-mode-host"]), from: .agentChild).isAdmitted)
        #expect(judge(plain(["/opt/codex/bin/codex-code-mode-host", "x"]), from: .agentChild).reason != nil)
    }

    /// The search text is arbitrary; all other arguments are fixed.
    @Test func theSearchInThreads() {
        func search(_ text: String, in place: String = "/h/sessions") -> ExecCall {
            plain(["/opt/codex/codex-path/rg", "-l", "--", text, place])
        }
        for text in ["needle", "", "--pre=/bin/sh", "/h/sessions"] {
            #expect(judge(search(text), from: .agentChild) == .admit(.listed(name: "the search", .none)))
        }
        #expect(judge(search("needle", in: "/etc"), from: .agentChild).reason != nil)
        #expect(
            judge(plain(["/opt/codex/codex-path/rg", "-l", "x", "--", "/h/sessions"]), from: .agentChild).reason != nil)
        #expect(judge(plain(["/opt/codex/codex-path/rg", "-l", "--"]), from: .agentChild).reason != nil)
        #expect(judge(plain(["/usr/bin/rg", "-l", "--", "x", "/h/sessions"]), from: .agentChild).reason != nil)
    }

    @Test func aProgramOfTheAdministrators() {
        #expect(judge(plain(["/usr/bin/notify", "--event", "{}"]), from: .agentChild).isAdmitted)
        #expect(judge(plain(["/usr/bin/notify", "{}"]), from: .agentChild).reason != nil)
        #expect(judge(plain(bash), from: .below(.listed(name: "notify", .any), isSameProcess: false)).isAdmitted)
    }

    @Test(arguments: ["git", "/usr/bin/git", "/usr/local/bin/git"])
    func gitIsKeptOutWithoutAWord(_ path: String) {
        let call = ExecCall(path: path, arguments: ["git", "status", "--porcelain"], isAgent: false)
        #expect(judge(call, from: .agentChild) == .keepOut)
        #expect(judge(call, from: .below(.granted(threadID: "t", callID: "c"), isSameProcess: false)).isAdmitted)
    }

    @Test func theFileHelperWaitsForItsInput() {
        let call = sandboxed([agent, "--codex-run-as-fs-helper"], in: "/", thread: nil, call: nil)
        #expect(judge(call, from: .agentChild) == .admit(.fileHelperLauncher))
        let launcher = ExecGate.Caller.below(.fileHelperLauncher, isSameProcess: true)
        let bubblewrap = ["bwrap", "--", agent, "--apply-seccomp-then-exec", "--", agent, "--codex-run-as-fs-helper"]
        #expect(judge(plain(bubblewrap), from: launcher) == .awaitInput(isSandboxed: true))
        #expect(judge(plain(["bwrap", "--", "/usr/bin/true"]), from: launcher).isAdmitted)
        #expect(judge(plain(["bwrap", "--", "/usr/bin/env"]), from: launcher).reason != nil)
        #expect(judge(plain(bash), from: launcher).reason != nil)
        #expect(judge(nil, from: launcher).reason != nil)
        #expect(judge(call, from: .below(.fileHelper, isSameProcess: true)) == .admit(.fileHelper))
        let other = sandboxed(["/tmp/codex", "--codex-run-as-fs-helper"], in: "/", thread: nil, call: nil)
        #expect(judge(other, from: .agentChild).reason != nil)
    }

    /// codex also reads `CODEX_HOME/.env`, which the server does not clean.
    @Test func theGateItselfDoesNotStartWithForeignCode() {
        func verdict(_ descendants: ProgramList.Descendants) -> ExecGate.Verdict {
            let words = ["/bin/bash", "-c", "gate"]
            let programs = ProgramList(programs: [.init(name: "the gate", words: words, descendants: descendants)])
            var call = ExecCall(path: words[0], arguments: words, isAgent: false)
            call.foreignCode = "BASH_ENV"
            var grants = GrantTable(denied: [])
            return ExecGate(programs: programs, agentExecutable: "/codex").judge(
                call, from: .agentChild, &grants, now: 0)
        }
        for descendants in [ProgramList.Descendants.none, .only([["/gate"]])] {
            guard case .refuse(let refusal) = verdict(descendants) else {
                Issue.record("admitted")
                continue
            }
            #expect(refusal.reason.contains("BASH_ENV"))
        }
        #expect(verdict(.any) == .admit(.listed(name: "the gate", .any)), "an administrator's program")
    }
}
