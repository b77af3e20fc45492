package main

import (
	"context"
	"fmt"
	"html"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"laurel/internal/cli"
	"laurel/internal/docs"
	"laurel/internal/issuing/keys"
)

// trial is in which state of affairs commands are run, and what must be so
// afterwards, as parts of a script.
type trial struct{ before, after string }

// applicant is somebody's files, and an employer who asks no network.
const applicant = `
laurel -C academy deliver first-evening --out $WORK/packages
exec sh -c 'set -- packages/*[Aa]da*/*/badge.png; cp $1 badge.png'
zip applications.zip packages
`

// atGitHub leads addresses there to repositories in $HOME.
const atGitHub = `
exec git config --global url.$WORK/home/.insteadOf https://github.com/
`

// unasked asks no network: what an employer asks it for is at hand, and so is the site
// that is looked at online.
const unasked = `laurel() {
	if [ "$1" = verify ]; then
		shift
		command laurel verify --documents $WORK/academy/public --offline "$@"
	elif [ "$1" = audit ]; then
		command laurel audit
	else
		command laurel "$@"
	fi
}
`

// stories are the chapters whose files and commands follow one another. What has
// nothing to be said about begins in $WORK, beside a site that is signed and built.
var stories = map[string]trial{
	"README":      {before: atGitHub + newcomer, after: firstSite},
	"start":       {before: atGitHub + newcomer, after: firstSite},
	"awarding":    {before: "cd academy\nexec cp -r $OB20 $WORK/home/old-badges\n", after: "laurel plan\nstdout '1 endorsement to sign'\n"},
	"handing-out": {before: "cd academy\n", after: "exists $WORK/home/class.pdf $WORK/home/packages/mail-merge.csv $WORK/home/links.csv\n"},
	"check":       {before: applicant},
	"exit-codes":  {before: "cd academy\nexec sh -c 'echo $LAUREL_PASSPHRASE > $HOME/passphrase'\n"},
	"fields":      {before: "cd academy\nexec rm -r content/ledger .laurel public\n", after: "laurel plan\nstdout 'MIG welding, level 1'\n"},
	"live":        {before: "cd academy\n", after: "laurel audit\nstdout '^no problems$'\nlaurel audit moved/example.github.io-badges/public\nstdout '^no problems$'\n"},
	"install": {before: `
exec sh -c 'd=laurel-1.0.0-linux-amd64; mkdir -p $d/man/man1 $d/completions; cp $(command -v laurel) $d/; touch $d/man/man1/laurel.1 $d/completions/laurel.bash; tar -czf $d.tar.gz $d; rm -r $d; sha256sum $d.tar.gz > SHA256SUMS; sed s/linux/macos/ SHA256SUMS >> SHA256SUMS'
`, after: "stdout '^laurel-1.0.0-linux-amd64.tar.gz: OK$'\nstdout '^laurel devel'\nexists home/.local/share/man/man1/laurel.1\n"},
	"policy": {before: applicant},
	"publish": {before: atGitHub + "exec git init -q --bare -b main home/example/badges.git\ncd academy\n", after: `
exec git clone -q ../home/example/badges.git ../clone
exec diff -r -x .git public ../clone
exec diff -r public ../site
exec git -C ../clone rev-list --count --all
stdout '^1$'
exists public/google1234.html
`},
	"spreadsheets": {before: "cd academy\n", after: "stdout 'Jürgen Muster +2026-06-30 +2028-06-30 +points 87.5 '\n! stderr warning\n"},
	"theme":        {before: "cd academy\n", after: "laurel build\nlaurel audit\nstdout '^no problems$'\n"},
	"register":     {before: "cd academy\n", after: "laurel audit\nstdout '^no problems$'\nexec ls ../home/letters\nstdout '^eun-ji-yesi-short-course.eml$'\nexists ../home/expiring.xlsx\n"},
	"signer": {before: `
mkdir bin
exec sh -c 'printf "#!/bin/sh\nexec fakesigner\n" > bin/laurel-pkcs11; chmod 755 bin/laurel-pkcs11'
env PATH=$WORK/bin${:}$PATH
cd academy
`, after: "stdout '^key-20'\n"},
}

// newcomer has an empty public repository, and no site yet.
const newcomer = `
exec rm -r academy
exec git init -q --bare -b main home/ana-example/badges.git
`

// firstSite is what a newcomer has in the end.
const firstSite = `
cd academy
laurel audit
stdout '^no problems$'
exec cat $WORK/home/links.csv
stdout 'Ana Example,ana@example.org,.*https://ana-example.github.io/badges/claim/#'
! stdout Ben
exec git clone -q ../home/ana-example/badges.git ../clone
exec diff -r -x .git public ../clone
exec git -C ../clone rev-list --count --all
stdout '^1$'
`

// displayed are the headings below which a block shows what is said or looks like.
var displayed = map[string]bool{
	"README/laurel":    true, // make site and make test are what CI runs
	"theme/The folder": true,
	// What is done to install on other systems than this one.
	"install/macOS": true, "install/Windows": true, "install/From source": true,
}

// twoSigned has two people sign in clones of their own; bothThere is what both signed.
const (
	twoSigned = `
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
`
	bothThere = `
grep '"award":"ours/' content/ledger/0001.jsonl
grep '"award":"theirs/' content/ledger/0001.jsonl
laurel plan
stdout '^nothing to sign$'
laurel audit
stdout '^no problems$'
`
)

// mishaps are blocks of commands that are run each for itself, by chapter, heading and
// place below it. What is asked is answered with yes.
var mishaps = map[string][]trial{
	"recover/The laptop is lost": {
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
	"recover/The key is stolen": {{`
cd academy
exec rm -r keys
`, `
stdout 'with key-20[0-9][0-9]-[0-9]+'
stderr 'wrote 1 claim link to '
grep '"revoked"' public/did.json
laurel audit
stdout '^no problems$'
`}},
	"recover/An old backup was restored": {{`
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
	"recover/Two people signed at once": {{twoSigned, bothThere}, {twoSigned + `! exec git pull --no-rebase --no-edit
! laurel plan
stderr 'laurel ledger merge'
`, bothThere}},
	"recover/The clock was wrong": {{`
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

// TestDocs runs what the manual and README say, as it stands there: every block of
// commands, and every file that a block holds. A command with "# refused" behind it
// must fail.
func TestDocs(t *testing.T) {
	t.Parallel()
	readme, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	chapters := append(docs.Topics(), docs.Topic{Name: "README", Text: string(readme)})
	p := scripts
	p.Setup = beside
	used := map[string]bool{}
	for _, c := range chapters {
		story := stories[c.Name].before + "ttyin -stdin $WORK/yes\nexec sh -eu $WORK/story.sh\n" + stories[c.Name].after
		commands, files := "", ""
		for i, b := range blocksOf(c.Text) {
			name := c.Name + "/" + b.heading
			switch list := mishaps[name]; {
			case b.file != "":
				put := ">"
				if b.add {
					put = ">>"
				}
				files += fmt.Sprintf("-- block%d --\n%s", i, b.text)
				commands += fmt.Sprintf("mkdir -p \"$(dirname %s)\"; cat $WORK/block%d %s %[1]s\n", b.file, i, put)
			case displayed[name] || strings.HasPrefix(b.text, "{"):
				used[name] = true
			case !isCommands(b.text):
				t.Errorf("%s: is neither a file, which a line that ends with its name and a colon tells, nor commands: %q", name, b.text)
			case list == nil:
				commands += b.text
			case b.n >= len(list):
				t.Errorf("%s: no test for %q", name, b.text)
			default:
				used[name] = used[name] || b.n == len(list)-1
				w := list[b.n]
				script := w.before + "ttyin -stdin $WORK/yes\nexec sh -eu $WORK/block.sh\n"
				if strings.Contains(b.text, "cd academy\n") {
					script += "cd academy\n"
				}
				p.Files = append(p.Files, scriptFile(t, fmt.Sprintf("%s-%d", strings.NewReplacer(" ", "-", "/", "-").Replace(name), b.n+1), script+w.after+enclosed+"-- block.sh --\n"+b.text))
			}
		}
		if commands != "" {
			used[c.Name] = true
			p.Files = append(p.Files, scriptFile(t, c.Name, story+enclosed+files+"-- story.sh --\n"+unasked+commands))
		}
	}
	for name := range mishaps {
		if !used[name] {
			t.Errorf("%s has fewer blocks than are known", name)
		}
	}
	for name := range stories {
		if !used[name] {
			t.Errorf("%s has no commands", name)
		}
	}
	for name := range displayed {
		if !used[name] {
			t.Errorf("%s shows nothing", name)
		}
	}
	testscript.Run(t, p)
}

// TestManual builds the site of the manual: each chapter is a page of it.
func TestManual(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	copyTree(t, "../../internal/docs/content", filepath.Join(dir, "content"))
	must(t, dir, "build")
	for _, c := range docs.Topics() {
		page, err := os.ReadFile(filepath.Join(dir, "public", c.Name, "index.html"))
		if err != nil {
			t.Error(err)
		} else if !strings.Contains(string(page), html.EscapeString(c.Title)) {
			t.Errorf("the page of %s does not show its title", c.Name)
		}
	}
}

// scriptFile writes a script to a folder of its own.
func scriptFile(t *testing.T, name, script string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name+".txtar")
	if err := os.WriteFile(file, []byte(script), 0o644); err != nil {
		t.Fatal(err)
	}
	return file
}

// block is an indented or fenced block of a chapter.
type block struct {
	heading string // it stands below
	n       int    // which block of commands there, from 0
	file    string // that it is the text of, or ""
	add     bool   // to the end of that
	text    string // with a line end
}

var (
	filePath  = regexp.MustCompile("`([\\w./-]+\\.\\w+)`[^`.]*:$")
	programs  = regexp.MustCompile(`^(laurel|git|cd|cp|mkdir|rm|sh|export|if|make|sudo|mv|sha256sum|tar|~/\S+) `)
	addToFile = regexp.MustCompile(`(?i)\badd\b[^.]*$`)
)

func isCommands(text string) bool {
	for line := range strings.Lines(text) {
		if !programs.MatchString(strings.TrimSpace(line)) && !strings.HasPrefix(strings.TrimSpace(line), "#") && strings.TrimSpace(line) != "" {
			return false
		}
	}
	return true
}

// blocksOf are the blocks of a chapter, in order.
func blocksOf(text string) (list []block) {
	heading, paragraph, n := "", "", map[string]int{}
	var open *block
	fenced := false
	end := func() {
		if open == nil {
			return
		}
		open.text = strings.TrimRight(open.text, "\n") + "\n"
		if m := filePath.FindStringSubmatch(strings.TrimSpace(paragraph)); m != nil {
			open.file, open.add = m[1], addToFile.MatchString(paragraph[:strings.LastIndex(paragraph, m[1])])
		} else if isCommands(open.text) {
			open.n = n[heading]
			n[heading]++
		}
		list, open, paragraph = append(list, *open), nil, ""
	}
	for line := range strings.Lines(text) {
		indented, is := strings.CutPrefix(line, "    ")
		switch blank := strings.TrimSpace(line) == ""; {
		case strings.HasPrefix(line, "```"):
			if fenced {
				end()
			} else {
				open = &block{heading: heading}
			}
			fenced = !fenced
			continue
		case fenced:
			indented = line
		case is && (open != nil || strings.HasSuffix(paragraph, "\n\n") || strings.TrimSpace(paragraph) == ""):
			if open == nil {
				open = &block{heading: heading}
			}
		case blank && open != nil:
			indented = "\n"
		case strings.HasPrefix(line, "#"):
			end()
			heading, paragraph = strings.TrimSpace(strings.TrimLeft(line, "#")), ""
			continue
		default:
			end()
			if strings.HasSuffix(paragraph, "\n\n") && !blank {
				paragraph = ""
			}
			paragraph += line
			continue
		}
		if before, refused := strings.CutSuffix(strings.TrimSpace(indented), "# refused"); refused {
			indented = "if " + strings.TrimSpace(before) + "; then exit 1; fi\n"
		}
		open.text += indented
	}
	end()
	return list
}

// taught is what each script begins beside: a school that was signed, built and
// pushed. It is made once.
var taught = sync.OnceValues(func() (string, error) {
	dir, err := scratch()
	if err != nil {
		return "", err
	}
	dir = filepath.Join(dir, "taught")
	if err := os.MkdirAll(filepath.Join(dir, "home/backup"), 0o755); err != nil {
		return "", err
	}
	academy := filepath.Join(dir, "academy")
	laurel := func(args ...string) error {
		var said strings.Builder
		if code := cli.Main(context.Background(), cli.Environment{Args: args, Stdout: &said, Stderr: &said, Lookup: variables, KeyWork: keyWork, Rehearsal: true}); code != 0 {
			return fmt.Errorf("laurel %v: %s", args, said.String())
		}
		return nil
	}
	if err := laurel("new", academy); err != nil {
		return "", err
	}
	if _, err := keys.New(filepath.Join(academy, "keys"), "key-2026-1", keys.Ed25519, []byte(passphrase), time.Now(), keys.Options{Iterations: keyWork}); err != nil {
		return "", err
	}
	for _, command := range []string{"sign", "build"} {
		if err := laurel("-C", academy, command); err != nil {
			return "", err
		}
	}
	git := exec.Command("sh", "-euc", `git init -q -b main
git add .
git -c user.name=Ana -c user.email=ana@example.org commit -qm first
git clone -q --bare . ../home/backup/academy.git`)
	git.Dir, git.Env = academy, append(os.Environ(), "HOME="+filepath.Join(dir, "home"))
	if said, err := git.CombinedOutput(); err != nil {
		return "", fmt.Errorf("git: %w: %s", err, said)
	}
	return dir, nil
})

// beside sets up a script beside the school.
func beside(e *testscript.Env) error {
	dir, err := taught()
	if err != nil {
		return err
	}
	if said, err := exec.Command("cp", "-a", dir+"/.", e.WorkDir).CombinedOutput(); err != nil {
		return fmt.Errorf("cp: %w: %s", err, said)
	}
	for _, name := range []string{"GIT_AUTHOR", "GIT_COMMITTER"} {
		e.Setenv(name+"_NAME", "Ana")
		e.Setenv(name+"_EMAIL", "ana@example.org")
	}
	e.Setenv("HOME", filepath.Join(e.WorkDir, "home"))
	for _, args := range [][]string{{"remote", "add", "origin", filepath.Join(e.WorkDir, "home/backup/academy.git")}, {"fetch", "-q"}, {"branch", "-q", "--set-upstream-to", "origin/main"}} {
		c := exec.Command("git", args...)
		c.Dir = filepath.Join(e.WorkDir, "academy")
		if said, err := c.CombinedOutput(); err != nil {
			return fmt.Errorf("git %v: %w: %s", args, err, said)
		}
	}
	return scripts.Setup(e)
}

// enclosed are files that each script ends with.
const enclosed = `
-- yes --
yes
yes
yes
-- known.yaml --
- did: did:web:example.github.io:badges
  name: Example School
-- more.yaml --
name: More
achievement: welcome-badge
awardedDate: 2026-09-08
recipients:
  - name: Dora Example
    key: dora
    visibility: link
`
