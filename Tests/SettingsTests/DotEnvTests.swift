import Settings
import Testing

/// The lines of a `.env` file.
@Suite struct DotEnvTests {
    @Test(arguments: [
        ("A=1", "1"), ("A=", ""), ("A=a b", "a b"), ("  A  =  1  ", "1"), ("export A=1", "1"), ("export   A=1", "1"),
        ("A=a=b", "a=b"), ("A=a#b", "a#b"), ("A=a #b", "a"), ("A=a\t# b", "a"), ("A=#b", ""), ("A= # b", ""),
        ("A=http://h/#x", "http://h/#x"), (#"A="a b""#, "a b"), (#"A='a b'"#, "a b"), (#"A="a # b" # c"#, "a # b"),
        (#"A='a # b'#c"#, "a # b"), (#"A="a\nb\tc""#, "a\nb\tc"), (#"A='a\nb'"#, #"a\nb"#), (#"A=a\nb"#, #"a\nb"#),
        (#"A="\"\\\$x""#, #""\$x"#), (#"A="\d""#, #"\d"#), (#"A="it's""#, "it's"), (#"A='say "hi"'"#, #"say "hi""#),
        (#"A="""#, ""), ("A=''", ""), (#"A="a"#, "a"), (#"A=a"b"#, #"a"b"#), ("A=$HOME", "$HOME"), ("A=é😀", "é😀"),
        ("A=1\nA=2", "2"), ("A=1\r\nB=2\r\n", "1"), ("A=1\rB=2", "1"), ("#A=0\nA=1", "1"), ("\n\n  \nA=1\n", "1"),
    ])
    func anAssignmentIsRead(_ text: String, _ value: String) {
        #expect(DotEnv.parse(text)["A"] == value)
    }

    @Test(arguments: [
        "", "A", "# A=1", "  # A=1", "=1", "A B=1", "A-B=1", "export", "export A", ";A=1", "A:1", "$A=1", "#export A=1",
    ])
    func whatIsNoAssignmentIsSkipped(_ line: String) {
        #expect(DotEnv.parse(line).isEmpty)
        #expect(DotEnv.parse("\(line)\nB=2") == ["B": "2"])
    }

    @Test func aWholeFile() {
        let text = """
            # server
            HOST=127.0.0.1
            export PORT=8080 # not 3000
            OPENAI_API_KEY="sk-a#b"

            ALLOWED_HOSTS='a, b'
            """
        #expect(
            DotEnv.parse(text)
                == ["HOST": "127.0.0.1", "PORT": "8080", "OPENAI_API_KEY": "sk-a#b", "ALLOWED_HOSTS": "a, b"])
        #expect(DotEnv.parse(text.split(separator: "\n").joined(separator: "\r\n")) == DotEnv.parse(text))
    }
}
