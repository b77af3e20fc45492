package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// mishaps are the blocks of commands in README's "When something went wrong", by
// heading and place below it: in which state of affairs each is run, and what must be
// so afterwards. What is asked is answered with yes.
var mishaps = map[string][]struct{ before, after string }{
	"The laptop is lost": {
		{`
exec cp -a academy/keys/key-2026-1.jwe home/backup/
exec rm -r academy
`, `
stdout '^key key-2026-1$'
stdout '^nothing to sign$'
`},
		{`
cd academy
exec rm -r keys
`, `
stderr 'ends signing with key-2026-1 for good. What it signed stays valid \(6 credentials'
laurel audit
stdout '^no problems$'
`},
		{`
cd academy
laurel claim-links --out ../home/links.csv
mkdir ../home/from-learners
laurel deliver --out ../home/from-learners/packages
exec rm -r content/ledger .laurel
! laurel sign
stderr 'content.ledger. is gone or empty'
`, `
laurel audit
stdout '^no problems$'
laurel revoke speaking-autumn/short-course/S-1002
`},
	},
	"The key is stolen": {{`
cd academy
exec rm -r keys
`, `
stdout 'with key-20[0-9][0-9]-[0-9]+'
stderr 'wrote 1 claim link to '
grep '"revoked"' public/did.json
laurel audit
stdout '^no problems$'
`}},
	"An old backup was restored": {{`
cd academy
exec cp -a . ../home/backup/academy
cp content/ledger/0001.jsonl ../old
laurel revoke first-evening/welcome-badge/welcome-01 --reason 'a mistake'
laurel sign
laurel build
exec git commit -qam 'revoked'
cp ../old content/ledger/0001.jsonl
`, `
stderr 'content.ledger. is older than what .*; missing are at least'
laurel audit
stdout '1 revoked'
stdout '^no problems$'
`}},
	"Two people signed at once": {{`
exec git clone -q home/backup/academy.git other
exec cp -a academy/keys other/
cp more.yaml other/content/awards/theirs.yaml
laurel -C other sign
exec git -C other add content
exec git -C other commit -qm theirs
exec git -C other push -q
cd academy
cp ../more.yaml content/awards/ours.yaml
laurel sign
exec git add content
exec git commit -qm ours
`, `
grep '"award":"ours/' content/ledger/0001.jsonl
grep '"award":"theirs/' content/ledger/0001.jsonl
laurel plan
stdout '^nothing to sign$'
laurel audit
stdout '^no problems$'
`}, {`
exec git clone -q home/backup/academy.git other
exec cp -a academy/keys other/
cp more.yaml other/content/awards/theirs.yaml
laurel -C other sign
exec git -C other add content
exec git -C other commit -qm theirs
exec git -C other push -q
cd academy
cp ../more.yaml content/awards/ours.yaml
laurel sign
exec git add content
exec git commit -qm ours
! exec git pull --no-rebase --no-edit
! laurel plan
stderr 'laurel ledger merge'
`, `
grep '"award":"ours/' content/ledger/0001.jsonl
grep '"award":"theirs/' content/ledger/0001.jsonl
laurel plan
stdout '^nothing to sign$'
laurel audit
stdout '^no problems$'
`}},
	"The clock was wrong": {{`
cd academy
env SOURCE_DATE_EPOCH=4000000000
cp ../more.yaml content/awards/more.yaml
laurel sign --date-is-right
laurel revoke first-evening/welcome-badge/welcome-01
laurel build
env SOURCE_DATE_EPOCH=
! laurel sign
stderr 'laurel ledger mend-clock'
`, `
stdout '^signed 1 award and 1 status list'
laurel plan
stdout '^nothing to sign$'
laurel audit
stdout '^no problems$'
`}},
}

// TestReadmeWhenWrong runs what README says to do when something went wrong, as it
// stands there. A command with "# refused" behind it must fail.
func TestReadmeWhenWrong(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, section, ok := strings.Cut(string(text), "\n## When something went wrong\n")
	section, _, end := strings.Cut(section, "\n## ")
	if !ok || !end {
		t.Fatal("README has no such section")
	}
	dir, tried := t.TempDir(), 0
	for part := range strings.SplitSeq(section, "\n### ") {
		heading, body, _ := strings.Cut(part, "\n")
		for i, commands := range blocks(body) {
			tried++
			if i >= len(mishaps[heading]) {
				t.Errorf("%s: no test for %q", heading, commands)
				continue
			}
			w := mishaps[heading][i]
			script := whenWrong[0] + w.before + "ttyin -stdin $WORK/yes\nexec sh -eu $WORK/readme.sh\n"
			if strings.Contains(commands, "cd academy\n") {
				script += "cd academy\n"
			}
			script += w.after + whenWrong[1] + "-- readme.sh --\n" + commands
			name := strings.ReplaceAll(heading, " ", "-") + "-" + string(rune('1'+i)) + ".txtar"
			if err := os.WriteFile(filepath.Join(dir, name), []byte(script), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	all := 0
	for _, blocks := range mishaps {
		all += len(blocks)
	}
	if all != tried {
		t.Errorf("README has %d blocks of commands, %d are known", tried, all)
	}
	p := scripts
	p.Dir = dir
	testscript.Run(t, p)
}

// blocks are the commands of each indented block, as a shell script.
func blocks(body string) []string {
	var list []string
	open := false
	for line := range strings.Lines(body) {
		command, indented := strings.CutPrefix(line, "    ")
		if indented && !open {
			list = append(list, "")
		}
		if open = indented; !open {
			continue
		}
		if before, refused := strings.CutSuffix(strings.TrimSpace(command), "# refused"); refused {
			command = "if " + strings.TrimSpace(before) + "; then exit 1; fi\n"
		}
		list[len(list)-1] += command
	}
	return list
}

// whenWrong is what each script begins with, a school that was signed, built and
// pushed, and the files that it ends with.
var whenWrong = [2]string{`
mkdir home/backup
env HOME=$WORK/home
env GIT_AUTHOR_NAME=Ana GIT_AUTHOR_EMAIL=ana@example.org GIT_COMMITTER_NAME=Ana GIT_COMMITTER_EMAIL=ana@example.org
laurel new academy
fastkey academy key-2026-1
laurel -C academy sign
laurel -C academy build
exec git -C academy init -q -b main
exec git -C academy add .
exec git -C academy commit -qm first
exec git clone -q --bare academy home/backup/academy.git
exec git -C academy remote add origin $WORK/home/backup/academy.git
exec git -C academy fetch -q
exec git -C academy branch -q --set-upstream-to origin/main
`, `
-- yes --
yes
yes
yes
-- more.yaml --
name: More
achievement: welcome-badge
awardedDate: 2026-09-08
recipients:
  - name: Dora Example
    key: dora
    visibility: link
-- home/nothing --
`}
