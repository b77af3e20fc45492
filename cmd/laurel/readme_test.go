package main

import (
	"os"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

// TestReadmePublish runs the step of README that brings a site online, as it stands
// there, with GitHub in a folder of this machine.
func TestReadmePublish(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, step, ok := strings.Cut(string(text), "\n**6. Publish.** ")
	step, _, end := strings.Cut(step, "\n**7. ")
	if !ok || !end {
		t.Fatal("README has no such step")
	}
	commands, files, places := "", "", 0
	for _, b := range blocksOf(step) {
		switch {
		case b.file == "content/site.yaml":
			places++
			files += "-- more --\n" + b.text
			commands += "cat $WORK/more >> content/site.yaml\n"
		case isCommands(b.text):
			commands += b.text
		default:
			t.Errorf("neither a file nor commands: %q", b.text)
		}
	}
	if places != 1 || strings.Count(commands, "laurel publish") != 2 {
		t.Errorf("the step has %d places and these commands:\n%s", places, commands)
	}
	p := scripts
	p.Setup = beside
	p.Files = []string{scriptFile(t, "step-6", atGitHub+`
exec git init -q --bare -b main home/ana-example/badges.git
cd academy
exec rm -r .git
exec sh -eu $WORK/step.sh
stdout 'would be [0-9]+ files added'
stdout 'branch main of https://github.com/ana-example/badges.git: [0-9]+ files added'
laurel publish
stdout '^nothing to publish'
exec git clone -q ../home/ana-example/badges.git ../clone
exec diff -r -x .git public ../clone
exec git -C ../clone rev-list --count --all
stdout '^1$'
exec git ls-files
stdout 'content/ledger/0001.jsonl'
! stdout 'public|keys'
`+files+"-- step.sh --\n"+commands)}
	testscript.Run(t, p)
}
