import Policy
import RulesFile
import Testing

/// The rules of `sre-agent.example.yaml`.
@Suite struct ExampleRulesTests {
    private static let file = Result { try Sample.read(Sample.example()) }

    private func verdict(_ script: String) throws -> CommandRules.Verdict {
        try Self.file.get().rules.verdict(for: script, directory: "/srv", role: .operator)
    }

    @Test(arguments: [
        "df -hT", "df -h /var/log", "uptime -p", "free -m", "ps aux", "ps -ef", "ps -eLf",
        "ps aux --sort=-%mem | head -n 20", "ss -tulpn",
        "ss -s", "ss -tan state established | wc -l", "systemctl status nginx",
        "systemctl status nginx.service --no-pager -l",
        "systemctl", "systemctl is-active nginx", "systemctl list-units --type=service --state=failed",
        "systemctl --failed",
        "systemctl --no-pager status a@b",
        "journalctl -u nginx --since '1 hour ago' --no-pager", "journalctl -u nginx -n 100",
        "journalctl -n50 -p err -o json",
        "journalctl -xe --no-pager | grep -i error | tail -n 5", "journalctl -k -b --since=-1h",
        "kubectl get pods -A -o wide",
        "kubectl -n prod get pods", "kubectl get pods -n prod --selector=app=web", "kubectl describe pod web-1 -n prod",
        "kubectl logs web-1 -n prod --tail=100 --since=1h", "kubectl logs deployment/web -c app --previous",
        "kubectl top pods -A",
        "kubectl get events --sort-by=.metadata.creationTimestamp", "vmstat 1 5", "iostat -xz 1 3", "uname -a",
        "hostname", "date -u +%FT%TZ",
        "date '+%Y-%m-%d %H:%M'", "ip addr show dev eth0", "ip -br addr", "ip route", "dmesg -T | tail -n 50",
        "df -h && free -m; uptime",
        "du -sh /var/log", "lsblk", "grep -c 'a|b; rm'",
    ]) func safeReadsAreAllowed(script: String) throws {
        guard case .allow = try verdict(script) else {
            Issue.record("\(script) is asked")
            return
        }
    }

    @Test(arguments: [
        "df --output", "df --output=source", "df --outpu=source", "du --files0-from=/etc/shadow", "ss -K", "ss --kill",
        "ss -tK", "ss -D x", "ss -D/x",
        "ss -F /etc/shadow", "ss -N x", "ss dst evil.example", "ss -r", "ps e", "ps auxe", "ps axe", "ps eww",
        "ps -o environ", "ps -eo pid,environ",
        "ps -E", "ps aux e", "journalctl --vacuum-size=1M", "journalctl --vacuum-time 1s",
        "journalctl --vacuum-files=1", "journalctl --rotate",
        "journalctl --flush", "journalctl --sync", "journalctl --relinquish-var", "journalctl --cursor-file=x",
        "journalctl --cursor-file x",
        "journalctl --file=/etc/shadow", "journalctl -D /x", "journalctl --directory=/x", "journalctl -M x",
        "journalctl --root=/x",
        "journalctl --image=/x", "journalctl -i x", "journalctl --setup-keys", "journalctl --update-catalog",
        "journalctl --output=json",
        "journalctl --namespace=x", "journalctl /usr/bin/x", "systemctl stop nginx",
        "systemctl restart nginx",
        "systemctl --failed stop nginx", "systemctl --no-pager stop nginx", "systemctl -q stop status",
        "systemctl -H evil status nginx",
        "systemctl status nginx -H evil", "systemctl status -M x", "systemctl --host=evil status",
        "systemctl set-environment a",
        "systemctl show-environment", "systemctl daemon-reload", "systemctl kill nginx", "systemctl edit nginx",
        "systemctl cat nginx",
        "systemctl show nginx", "systemctl list-units --now", "systemctl poweroff", "systemctl -t status stop x",
        "kubectl get --raw /api", "kubectl get pods --raw=/api", "kubectl get secrets", "kubectl get secret x",
        "kubectl get pods,secrets",
        "kubectl get secrets.v1.", "kubectl get secret/x", "kubectl get configmaps", "kubectl get pods secret/x",
        "kubectl get pods -o yaml",
        "kubectl get pods -o jsonpath={.x}", "kubectl get pods -o go-template-file=/etc/shadow",
        "kubectl get pods --output=name",
        "kubectl get pods --kubeconfig=x", "kubectl --kubeconfig x get pods", "kubectl get pods --server=http://evil",
        "kubectl get pods -s evil",
        "kubectl get pods --token=x", "kubectl get pods --as=admin", "kubectl get -f http://evil",
        "kubectl get pods -f x", "kubectl get -k x",
        "kubectl get pods --context=x", "kubectl get pods --cache-dir=x", "kubectl get pods --profile=cpu",
        "kubectl get pods --profile-output=x",
        "kubectl get pods --template=x", "kubectl delete pod x", "kubectl exec x -- id", "kubectl logs x -- id",
        "kubectl -n x exec web",
        "kubectl -f logs get secrets", "kubectl -p logs delete pods", "kubectl config view", "kubectl apply -f x",
        "kubectl describe secret x",
        "kubectl describe -f x", "kubectl logs secret/x", "kubectl top pods --use-protocol-buffers=x", "kubectl cp a b",
        "kubectl get pods ../x",
        "date -s now", "date --set=now", "date 01010000", "date -f /etc/shadow", "date -r /x", "date --file=x",
        "date -us now", "hostname evil",
        "hostname -F /etc/shadow", "hostname -b x", "hostname --file x", "ip link set eth0 down",
        "ip addr add 1.1.1.1 dev eth0", "ip -batch x",
        "ip -b x", "ip netns exec a id", "ip -n a addr", "ip addr flush dev eth0", "ip route del default",
        "ip route show dev eth0 flush",
        "ip link show dev eth0 down", "vmstat --help", "iostat -o JSON", "iostat -f /x", "dmesg -C", "dmesg -c",
        "dmesg --clear", "dmesg -n 1",
        "dmesg -F /x", "dmesg -D", "sort -o x", "sort -ro x", "sort --output=x", "sort /etc/shadow", "sort -T /x",
        "sort --compress-program=x",
        "sort --files0-from=x", "uniq a b", "uniq - b", "wc /etc/shadow", "wc --files0-from=x", "head /etc/shadow",
        "head -n 5 /etc/shadow",
        "tail -f /etc/shadow", "grep -r x", "grep x /etc/shadow", "grep -f /etc/shadow", "grep -ef x",
        "grep -if/etc/shadow", "grep -R x",
        "id root", "free --help", "uptime -c", "lsblk -o NAME", "uname -x", "cat /etc/shadow", "env", "printenv",
        "ps aux > x", "df -h & id",
        "ps aux | xargs kill", "df $(id)", "df\nid", "df # x", "LD_PRELOAD=x df", "top", "dig evil.example",
        "curl evil.example", "crontab -e",
    ]) func everythingElseIsAsked(script: String) throws {
        #expect(try verdict(script) == .ask(rule: nil))
    }

    @Test(arguments: ["shutdown now", "/sbin/reboot", "sudo reboot -f", "df; mkfs.ext4 /dev/sda", "mkfs -t ext4 x"])
    func someIsDenied(script: String) throws {
        guard case .deny = try verdict(script) else {
            Issue.record("\(script) is not denied")
            return
        }
    }
}
