package main

import (
	"os"
	"os/exec"
	"strings"
	"testing"
)

// mounted runs a shell script as root of a namespace of its own, in which disk is an
// empty file system of 2 MB and site a folder that was signed and built.
func mounted(t *testing.T, script string) {
	t.Helper()
	if out, err := exec.Command("unshare", "-rm", "true").CombinedOutput(); err != nil {
		t.Skipf("file systems cannot be mounted here (unshare -rm): %v %s", err, out)
	}
	site := smallSite(t, true)
	c := exec.CommandContext(t.Context(), "unshare", "-rm", "sh", "-eu", "-c", `
mkdir "$1/disk" && mount -t tmpfs -o size=4m none "$1/disk" || { echo "no tmpfs here"; exit 77; }
cp -a "$2" "$1/disk/academy" && cd "$1/disk/academy"
laurel() { LAUREL_TEST_AS_LAUREL=1 "$LAUREL" "$@"; }
refused() { text=$1; shift; if laurel "$@" >"$OUT" 2>&1; then echo "laurel $*: it did it"; exit 1; fi
	grep -q "$text" "$OUT" || { echo "laurel $*:"; cat "$OUT"; exit 1; }; }
all() { find content/ledger public keys -type f | sort | xargs sha256sum; }
`+script, "sh", t.TempDir(), site)
	c.Env = append(os.Environ(), "LAUREL="+os.Args[0], "LAUREL_PASSPHRASE="+passphrase, "OUT="+t.TempDir()+"/out")
	out, err := c.CombinedOutput()
	if c.ProcessState != nil && c.ProcessState.ExitCode() == 77 {
		t.Skipf("%s", out)
	}
	if err != nil || !strings.HasSuffix(string(out), "done\n") {
		t.Fatalf("%v\n%s", err, out)
	}
}

// P17: a real full disk. What was signed before is there, nothing is half published,
// and with some room again everything goes on.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	mounted(t, `
{ printf 'name: Many\nachievement: welcome-badge\nawardedDate: 2026-09-08\nvisibility: public\nrecipients:\n'
  for i in $(seq 60); do printf '  - {key: k%d, name: Learner %d Exampleton}\n' $i $i; done; } > content/awards/many.yaml
all > "$OUT.before"
free=$(df --output=avail -k . | tail -1)
head -c $(((free - 40) * 1024)) /dev/zero > ../filler
refused 'no space left' sign
all | cmp - "$OUT.before"
for left in 80 120 160; do
	head -c $(((free - left) * 1024)) /dev/zero > ../filler
	laurel sign >"$OUT" 2>&1 || grep -q 'no space left' "$OUT"
	laurel plan >/dev/null
done
rm ../filler
laurel sign >/dev/null 2>&1
laurel plan | grep -q 'nothing to sign'
all > "$OUT.before"
refused 'no space left' build
all | cmp - "$OUT.before"
free=$(df --output=avail -k . | tail -1)
head -c $(((free - 4) * 1024)) /dev/zero > ../filler
refused 'no space left' key new
rm ../filler
if ls keys | grep -v key-2026-1 | grep jwe; then exit 1; fi
rm content/awards/many.yaml
laurel build >"$OUT" 2>&1 && laurel audit >"$OUT" 2>&1 || { cat "$OUT"; exit 1; }
echo done
`)
}

// A file system that nobody may write to: everything that writes says so and has
// changed nothing, everything that reads works.
func TestReadOnlyDisk(t *testing.T) {
	t.Parallel()
	mounted(t, `
printf 'name: More\nachievement: welcome-badge\nawardedDate: 2026-09-08\nrecipients:\n  - {key: dora, name: Dora Example, visibility: public}\n' > content/awards/more.yaml
all > "$OUT.before"
mount -o remount,ro "$1/disk"
for command in sign build 'revoke first-evening --yes' 'suspend first-evening --yes' 'reissue first-evening --yes' \
	'key new' 'key retire key-2026-1 --yes' 'key revoke key-2026-1 --yes' 'key passphrase key-2026-1'; do
	LAUREL_NEW_PASSPHRASE='seven lanterns upstairs' refused 'read-only file system' $command
	all | cmp - "$OUT.before"
done
laurel plan | grep -q '1 award to sign'
laurel audit | grep -q 'no problems'
laurel claim-links | grep -q http
mount -o remount,rw "$1/disk"
laurel sign >/dev/null 2>&1
laurel build >/dev/null 2>&1
laurel audit | grep -q 'no problems'
echo done
`)
}
