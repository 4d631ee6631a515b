import Policy
import RulesFile
import Testing

/// Each faulty file with the whole text of its error.
@Suite struct BadFilesTests {
    private func message(_ text: String) -> String {
        do {
            _ = try Sample.read(text)
            return "no error"
        } catch {
            return error.description.replacing("sre-agent.yaml:", with: "")
        }
    }

    @Test(arguments: [
        ("x", "1: must be keys with values, not `x`"),
        ("roles: {}\n? \n: a", "2: \"\": is not known here. Known keys: roles, floor, proxy, rules"),
        ("- a", "1: must be keys with values, not a list"),
        ("null", "1: must be keys with values, not `null`"),
        ("\n\nrule: []", "3: rule: is not known here. Known keys: roles, floor, proxy, rules"),
        ("floor: {}\nroles: {}\nfloor: {}", "1: floor: occurs twice in one map, first here"),
        ("roles: {}\n\"roles\": {}", "1: roles: occurs twice in one map, first here"),
        ("roles: [", "1: is not valid YAML: while parsing a flow node: did not find expected node content"),
        ("roles:\n\tapprover: []", "2: a line may begin with spaces only, not with tabs"),
        ("roles: {}\n---\nrules: []", "2: a second document begins here; only one is allowed"),
        ("? [a]\n: b", "1: a key must be a text"),
        ("<<: {floor: {}}", "1: <<: is not known here. Known keys: roles, floor, proxy, rules"),
        ("roles: &a {}", "1: roles: `&a`: anchors and aliases are not read; write the value where it belongs"),
        ("&a roles: {}", "1: `&a`: anchors and aliases are not read; write the value where it belongs"),
        ("roles: &a {}\nfloor: *a", "1: `&a`: anchors and aliases are not read; write the value where it belongs"),
        ("floor: *a", "1: is not valid YAML: found undefined alias"),
        ("roles: !!python/object {}", "1: roles: tags such as `tag:yaml.org,2002:python/object` are not read"),
        (
            "floor:\n  local: {network: !!bool true}",
            "2: floor.local.network: tags such as `tag:yaml.org,2002:bool` are not read"
        ),
        ("floor:\n  local: {network: !x true}", "2: floor.local.network: tags such as `!x` are not read"),
        ("roles: {}\n# \u{202E}", "2: contains U+202E, which is invisible; remove it"),
        ("roles: {}\r\n\u{A0}\u{A0}", "2: contains U+00A0, which is invisible; remove it"),
        ("roles: {}\u{2028}floor: {}", "1: contains U+2028, which is invisible; remove it"),
        ("roles: {}\u{0}", "1: contains U+0000, which is invisible; remove it"),
        ("\u{FEFF}\u{FEFF}", "1: contains U+FEFF, which is invisible; remove it"),
        ("rules:\n- name: \"a\\u202Eb\"", "2: rules[0].name: must be one visible line; it contains U+202E"),
        ("rules:\n- name: |\n    a\n    b", "2: rules[0].name: must be one visible line; it contains U+000A"),
    ])
    func theFileAsAWhole(text: String, expected: String) {
        #expect(message(text) == expected)
    }

    @Test(arguments: [
        ("roles: [approver]", "1: roles: must be keys with values, not a list"),
        ("roles:\n  owner: []", "2: roles.owner: is not known here. Known keys: viewer, operator, approver, admin"),
        ("roles:\n  approver: thread/delete", "2: roles.approver: must be a list, as in [a, b], not `thread/delete`"),
        ("roles:\n  approver:", "2: roles.approver: must be a list, as in [a, b], not nothing"),
        (
            "roles:\n  approver:\n  - a/b\n  - thread delete",
            "4: roles.approver[1]: `thread delete` is not a method name, such as thread/start"
        ),
        ("roles:\n  approver: [a/]", "2: roles.approver[0]: `a/` is not a method name, such as thread/start"),
        ("roles:\n  viewer: [a/b]\n  admin: [c/d,\n   a/b]", "4: roles.admin[1]: `a/b` occurs twice"),
        ("roles: {viewer: [[a/b]]}", "1: roles.viewer[0]: must be a text, not a list"),
        ("roles: {viewer: [{a: b}]}", "1: roles.viewer[0]: must be a text, not keys with values"),
    ])
    func roles(text: String, expected: String) {
        #expect(message(text) == expected)
    }

    private static let known = "Known keys: approvalPolicy, sandbox, roots, network, sessionApprovals, lastingApprovals"

    @Test(arguments: [
        (
            "floor:\n  Operator: {}",
            "2: floor.Operator: is not known here. Known keys: viewer, operator, approver, admin, local"
        ),
        ("floor:\n  operator: readOnly", "2: floor.operator: must be keys with values, not `readOnly`"),
        ("floor:\n  operator:\n  admin: {}", "2: floor.operator: must be keys with values, not nothing"),
        ("floor:\n  operator:\n    sandBox: readOnly", "3: floor.operator.sandBox: is not known here. \(known)"),
        (
            "floor:\n  local:\n    approvalPolicy: on-request",
            "3: floor.local.approvalPolicy: must be one of onRequest, onFailure, never, not `on-request`"
        ),
        (
            "floor:\n  local:\n    sandbox: [readOnly]",
            "3: floor.local.sandbox: must be one of readOnly, workspaceWrite, dangerFullAccess, not a list"
        ),
        (
            "floor:\n  local:\n    network: no",
            "3: floor.local.network: must be true or false, without quotes, not `no`"
        ),
        (
            "floor:\n  local:\n    network: \"false\"",
            "3: floor.local.network: must be true or false, without quotes, not \"false\""
        ),
        (
            "floor:\n  local:\n    network:",
            "3: floor.local.network: must be true or false, without quotes, not nothing"
        ),
        (
            "floor:\n  local:\n    roots: /srv/work",
            "3: floor.local.roots: must be `any` or a list of directories, not `/srv/work`"
        ),
        ("floor:\n  local:\n    roots:", "3: floor.local.roots: must be `any` or a list of directories, not nothing"),
        (
            "floor:\n  local:\n    roots: null",
            "3: floor.local.roots: must be `any` or a list of directories, not `null`"
        ),
        ("floor:\n  local:\n    roots: []", "3: floor.local.roots: is empty; write `any` for every directory"),
        (
            "floor:\n  local:\n    roots: [any]",
            "3: floor.local.roots[0]: `any` is not an absolute path: it must begin with /"
        ),
        (
            "floor:\n  local:\n    roots: [~]",
            "3: floor.local.roots[0]: `~` is not an absolute path: it must begin with /"
        ),
        ("floor:\n  local:\n    roots:\n    - /srv\n    -", "5: floor.local.roots[1]: must be a text, not nothing"),
        (
            "floor:\n  local:\n    roots:\n    - /srv\n    - /nowhere",
            "5: floor.local.roots[1]: `/nowhere` is not a directory"
        ),
    ])
    func floor(text: String, expected: String) {
        #expect(message(text) == expected)
    }

    @Test(arguments: [
        ("proxy:\n  users: {a: viewer}", "2: proxy: `addresses` is missing"),
        (
            "proxy:\n  adresses: []",
            "2: proxy.adresses: is not known here. Known keys: addresses, userHeader, users, defaultRole"
        ),
        ("proxy: {defaultRole: viewer,\n addresses: []}", "2: proxy.addresses: is empty; name at least one address"),
        (
            "proxy: {defaultRole: viewer,\n addresses: [127.0.0.1,\n localhost]}",
            "3: proxy.addresses[1]: \"localhost\" is neither an IP address nor a network such as 10.0.0.0/8."
        ),
        (
            "proxy: {defaultRole: viewer, addresses: [0.0.0.0/0]}",
            "1: proxy.addresses[0]: \"0.0.0.0/0\" covers every address: any client could pose as any user."
        ),
        (
            "proxy: {addresses: [127.0.0.1]}",
            "1: proxy: names no users and no `defaultRole`: every user would be refused"
        ),
        (
            "proxy: {addresses: [127.0.0.1], defaultRole: null}",
            "1: proxy.defaultRole: must be one of viewer, operator, approver, admin, not `null`"
        ),
        (
            "proxy: {addresses: [127.0.0.1], users: {a: viewer,\n b: root}}",
            "2: proxy.users.b: must be one of viewer, operator, approver, admin, not `root`"
        ),
        (
            "proxy: {addresses: [127.0.0.1], users: {a: viewer,\n \"a,b\": viewer}}",
            "2: proxy.users.a,b: \"a,b\" is not a user name: 1 to 128 printable characters, no comma."
        ),
        (
            "proxy: {addresses: [127.0.0.1], users: {a: viewer, a: admin}}",
            "1: a: occurs twice in one map, first here"
        ),
        (
            "proxy: {addresses: [127.0.0.1], users: {é: viewer, e\u{301}: admin}}",
            "1: é: occurs twice in one map, first here"
        ),
        (
            "proxy:\n  addresses: [127.0.0.1]\n  defaultRole: viewer\n  userHeader: Cookie",
            "4: proxy.userHeader: The header \"Cookie\" has another purpose than naming the user."
        ),
    ])
    func proxy(text: String, expected: String) {
        #expect(message(text) == expected)
    }

    private static let keys =
        "Known keys: name, decision, programs, subcommands, options, optionsWithValue, operands, maximumOperands, "
        + "arguments, directories, roles"

    /// Each text is inserted into a rule after `name: a` and, in the next line, `decision: allow` and `programs: [df]`.
    @Test(arguments: [
        ("option: [-a]", "4: rules[0].option: is not known here. \(keys)"),
        ("options: -a", "4: rules[0].options: must be a list, as in [a, b], not `-a`"),
        ("options: [-a,\n   -b, x]", "5: rules[0].options[2]: `x` is not an option: `-a` or `--all`, without a value"),
        ("options: [-a, -exec]", "4: rules[0].options[1]: `-exec` is always asked"),
        (
            "options: [--all --full]",
            "4: rules[0].options[0]: `--all --full` is not an option: `-a` or `--all`, without a value"
        ),
        ("optionsWithValue: [-n]", "4: rules[0].optionsWithValue: must be keys with values, not a list"),
        ("optionsWithValue: {-n: no}", "4: rules[0].optionsWithValue.-n: must be `any` or a list, not `no`"),
        ("optionsWithValue: {-n: []}", "4: rules[0].optionsWithValue.-n: `-n` has no value that is allowed"),
        (
            "optionsWithValue: {-n: [\"\"]}",
            "4: rules[0].optionsWithValue.-n[0]: `` can match nothing: one or more printable ASCII characters"
        ),
        (
            "optionsWithValue: {-a: any,\n   -n: any}\n  options: [-n]",
            "5: rules[0].optionsWithValue.-n: `-n` is in options too"
        ),
        ("optionsWithValue: {-n: any, -n: [a]}", "4: -n: occurs twice in one map, first here"),
        (
            "operands: [*]",
            "4: is not valid YAML: while scanning an alias: did not find expected alphabetic or numeric character"
        ),
        ("operands:", "4: rules[0].operands: must be `any` or a list, not nothing"),
        ("operands: [é]", "4: rules[0].operands[0]: `é` can match nothing: one or more printable ASCII characters"),
        ("maximumOperands: 08", "4: rules[0].maximumOperands: must be a whole number from 0 to 999999, not `08`"),
        ("maximumOperands: -1", "4: rules[0].maximumOperands: must be a whole number from 0 to 999999, not `-1`"),
        ("maximumOperands: 1.0", "4: rules[0].maximumOperands: must be a whole number from 0 to 999999, not `1.0`"),
        ("maximumOperands: \"1\"", "4: rules[0].maximumOperands: must be a whole number from 0 to 999999, not \"1\""),
        (
            "maximumOperands: 99999999999999999999",
            "4: rules[0].maximumOperands: must be a whole number from 0 to 999999, not `99999999999999999999`"
        ),
        ("arguments: [-r]", "4: rules[0].arguments: is for ask and deny; allow lists options and operands"),
        (
            "subcommands: [--failed]",
            "4: rules[0].subcommands[0]: `--failed` must end with a word that is not an option and contains no `*`"
        ),
        ("directories: []", "4: rules[0].directories: is empty; leave it out for every directory"),
        ("directories: [/srv, srv]", "4: rules[0].directories[1]: `srv` is not an absolute path: it must begin with /"),
        ("directories: [/gone]", "4: rules[0].directories[0]: `/gone` is not a directory"),
        ("roles: []", "4: rules[0].roles: is empty; leave it out for every role"),
        (
            "roles: [viewer,\n   root]",
            "5: rules[0].roles[1]: must be one of viewer, operator, approver, admin, not `root`"
        ),
        ("name: b", "2: name: occurs twice in one map, first here"),
    ])
    func rule(text: String, expected: String) {
        #expect(message("rules:\n- name: a\n  decision: allow\n  \(text)\n  programs: [df]") == expected)
    }

    @Test(arguments: [
        ("rules: {}", "1: rules: must be a list, as in [a, b], not keys with values"),
        ("rules: [df]", "1: rules[0]: must be keys with values, not `df`"),
        ("rules:\n- {decision: allow, programs: [df]}", "2: rules[0]: `name` is missing"),
        ("rules:\n- {name: a, programs: [df]}", "2: rules[0]: `decision` is missing"),
        ("rules:\n- {name: a, decision: allow}", "2: rules[0]: `programs` is missing"),
        ("rules:\n- {name: '', decision: allow, programs: [df]}", "2: rules[0].name: must not be empty"),
        (
            "rules:\n- {name: a, decision: yes, programs: [df]}",
            "2: rules[0].decision: must be one of allow, ask, deny, not `yes`"
        ),
        ("rules:\n- {name: a, decision: allow, programs: []}", "2: rules[0].programs: must name at least one program"),
        (
            "rules:\n- name: a\n  decision: allow\n  programs:\n  - df\n  - sh",
            "6: rules[0].programs[1]: `sh` cannot be allowed: it runs other commands, or changes them"
        ),
        ("rules:\n- {name: a, decision: deny, programs: [df], options: [-a]}", "2: rules[0].options: is for allow"),
        (
            "rules:\n- {name: a, decision: deny, programs: [df],\n  maximumOperands: 1}",
            "3: rules[0].maximumOperands: is for allow"
        ),
        (
            "rules:\n- {name: a, decision: ask, programs: [df]}\n- {name: a, decision: deny, programs: [df]}",
            "3: rules[1].name: `a` is the name of two rules"
        ),
    ])
    func rules(text: String, expected: String) {
        #expect(message(text) == expected)
    }

    @Test func severalProblemsAreToldAtOnce() {
        let text =
            "floor:\n  local: {network: no, roots: x}\nroles: []\nrules: [a,\n b]\nproxy: {addresses: [], users: x}\n"
        #expect(
            message(text) == """
                2: floor.local.network: must be true or false, without quotes, not `no`
                2: floor.local.roots: must be `any` or a list of directories, not `x`
                3: roles: must be keys with values, not a list
                4: rules[0]: must be keys with values, not `a`
                5: rules[1]: must be keys with values, not `b`
                6: proxy.addresses: is empty; name at least one address
                6: proxy.users: must be keys with values, not `x`
                """)
    }

    @Test func twentyProblemsAreEnough() {
        let text = "rules:\n" + String(repeating: "- a\n", count: 1_000)
        #expect(throws: RulesFileError.self) { try Sample.read(text) }
        #expect(message(text).split(separator: "\n").count == 20)
    }

    @Test func membersOfAnError() {
        let error = #expect(throws: RulesFileError.self) { try Sample.read("rules:\n- {name: a, x: 1}") }
        #expect(error?.line == 2)
        #expect(error?.key == "rules[0].x")
        #expect(error?.file == "sre-agent.yaml")
    }
}
