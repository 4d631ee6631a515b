import Policy
import Testing

@Suite struct ShellScriptTests {
    @Test(arguments: [
        ("df -h", [["df", "-h"]]),
        ("  df   -h  ", [["df", "-h"]]),
        ("df;", [["df"]]),
        ("df ; uptime", [["df"], ["uptime"]]),
        ("df&&uptime||free|wc -l;ps", [["df"], ["uptime"], ["free"], ["wc", "-l"], ["ps"]]),
        ("grep 'a b' \"c d\"", [["grep", "a b", "c d"]]),
        ("grep 'a'\"b\"c\\ d", [["grep", "abc d"]]),
        ("grep '' \"\"", [["grep", "", ""]]),
        ("grep '$HOME `x` ; & | > \\ !'", [["grep", "$HOME `x` ; & | > \\ !"]]),
        ("grep \"; & | > * ? ~ { #'\"", [["grep", "; & | > * ? ~ { #'"]]),
        ("grep \\; \\$ \\' \\\"", [["grep", ";", "$", "'", "\""]]),
        (
            "kubectl get pods --selector=app=web -l 'app=web'",
            [["kubectl", "get", "pods", "--selector=app=web", "-l", "app=web"]]
        ),
        ("date +%H:%M", [["date", "+%H:%M"]]),
        ("/bin/df a@b a,b", [["/bin/df", "a@b", "a,b"]]),
        ("echo if then", [["echo", "if", "then"]]),
    ]) func plainScripts(text: String, words: [[String]]) throws {
        let script = try ShellScript(parsing: text)
        #expect(script.commands.map(\.words) == words)
        #expect(script.operators.count == script.commands.count - 1)
    }

    @Test func operatorsAreKept() throws {
        #expect(try ShellScript(parsing: "a && b || c ; d | e").operators == [.and, .or, .sequence, .pipe])
    }

    @Test(arguments: [
        "", " ", ";", "df ;; df", "; df", "&& df", "df &&", "df || ", "df |", "df | | df", "df ||| df", "df &&& df",
        // Background, redirection, here documents, process substitution.
        "df &", "df & df", "df |& df", "df & & df", "df >x", "df > x", "df 2>&1", "df &>x", "df <x", "df <<x",
        "df <<<x",
        "df <(x)", "df >(x)", "df >|x",
        // Expansion.
        "df $HOME", "df ${HOME}", "df $(id)", "df `id`", "df $((1))", "df \"$HOME\"", "df \"`id`\"", "df \"\\a\"",
        "df $'a'", "df $\"a\"", "df *", "df a?", "df [a]", "df ~", "df ~root", "df a:~", "df {a,b}", "df {1..2}",
        "df }",
        "df ]", "df !!", "df \"!!\"", "! df", "df ^a", "df +(a)", "df @(a)", "df =ls",
        // Grammar.
        "(df)", "{ df; }", "df() { id; }", "df ()", "if df", "while df", "for x", "time df", "coproc df", "[[ a", "[ a",
        "function df", "'if' df", "select x", "case a", "until df", "repeat 3 df",
        // Assignments.
        "A=b", "A=b df", "df A=b", "A+=b df", "\"A\"=b df", "_=b df", "a1=b df",
        // Comments, white space, control characters.
        "df #x", "#df", "df\t-h", "df\n", "df\nid", "df\r", "df\r\nid", "df\u{0}", "df\u{B}id", "df\u{C}id",
        "df\u{1B}[0m",
        "df\u{7F}", "df 'a\nb'", "df \"a\nb\"", "df 'a\u{0}b'", "df \\\nid", "df 'a\tb'", "df \\\t",
        // Not ASCII: bidi, no-break and other spaces, look-alikes that Swift considers equal, accents.
        "df\u{A0}-h", "df\u{2028}id", "df \u{202E}h-", "df '\u{202E}'", "df\u{200B}", "\u{FEFF}df", "df\u{3000}-h",
        "d\u{FF46}", "df \u{37E} id", "df \u{1FEF}", "df \u{212A}", "df e\u{301}", "df 'é'", "df\u{85}id",
        // Unterminated.
        "df '", "df \"", "df 'a\"", "df \\", "'", "\"",
    ]) func everythingElseIsRefused(text: String) {
        #expect(throws: ShellScript.NotPlain.self) { try ShellScript(parsing: text) }
    }

    @Test func reasonsAreNamed() {
        func reason(_ text: String) -> ShellScript.NotPlain? {
            do { _ = try ShellScript(parsing: text) } catch { return error }
            return nil
        }
        #expect(reason("df > x") == .byte(UInt8(ascii: ">"), at: 3))
        #expect(reason("df &") == .byte(UInt8(ascii: "&"), at: 3))
        #expect(reason("A=b df") == .assignment)
        #expect(reason("time df") == .reservedWord("time"))
        #expect(reason("df 'a") == .unended)
        #expect(reason("df &&") == .missingCommand)
        #expect(reason("df > x")?.description == "`>` at byte 3 is more than a plain word")
        #expect(reason("df\n")?.description == "byte 10 at 2 is not a plain character")
    }

    @Test func longScriptsAreNotLookedAt() throws {
        let longest = "df " + String(repeating: "a", count: ShellScript.maximumSize - 3)
        #expect(try ShellScript(parsing: longest).commands.count == 1)
        #expect(throws: ShellScript.NotPlain.tooLong) { try ShellScript(parsing: longest + "a") }
        #expect(throws: ShellScript.NotPlain.tooLong) { try ShellScript(parsing: longest + " > x") }
    }
}
