package cli

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/spf13/cobra"

	"laurel/internal/docs"
	"laurel/internal/testing/vectors"
)

// full is a disk without room, or a reader that went away.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no room") }

// TestOutputIsWhole runs every command with an output that takes nothing, and
// wants to be told so, in text as with --json.
func TestOutputIsWhole(t *testing.T) {
	noon := time.Date(2026, 11, 2, 12, 0, 0, 0, time.UTC)
	run := func(dir string, out io.Writer, args ...string) (int, string) {
		var errs bytes.Buffer
		now := noon
		if len(args) > 0 && args[0] == "in 2096" {
			now, args = noon.AddDate(70, 0, 0), args[1:]
		}
		if len(args) > 0 && args[0] == "elsewhere" {
			file := filepath.Join(dir, "content/site.yaml")
			b, err := os.ReadFile(file)
			if err == nil {
				err = os.WriteFile(file, bytes.Replace(b, []byte("baseURL: "), []byte("baseURL: https://badges.example.org # "), 1), 0o644)
			}
			if err != nil {
				t.Fatal(err)
			}
			args = args[1:]
		}
		code := Main(t.Context(), Environment{Args: append([]string{"-C", dir}, args...), Stdout: out, Stderr: &errs,
			Now: func() time.Time { return now }, KeyWork: 1000, Rehearsal: true,
			Lookup: func(name string) (string, bool) {
				return "made up for tests", name == "LAUREL_PASSPHRASE" || name == "LAUREL_NEW_PASSPHRASE"
			}})
		return code, errs.String()
	}
	site := filepath.Join(t.TempDir(), "academy")
	key := "key-2026-1"
	const list, fresh = "first-evening", "FRESH" // a folder that is not there
	good := func(dir string, args ...string) {
		t.Helper()
		if code, errs := run(dir, io.Discard, args...); code != exitGood {
			t.Fatalf("%v: %d %s", args, code, errs)
		}
	}
	good(".", "new", site)
	good(site, "key", "new")
	good(site, "sign")
	good(site, "build")
	pages, err := filepath.Glob(filepath.Join(site, "public/awards/*/credential.json"))
	if err != nil || len(pages) == 0 {
		t.Fatalf("no public award: %v", err)
	}

	// What parts can be shown of: the official example.
	var example struct {
		Base jsontext.Value `json:"addSignedSDBase"`
	}
	if err := json.Unmarshal(vectors.Read("vc-di-ecdsa/ecdsa-sd-2023-prc.json"), &example); err != nil {
		t.Fatal(err)
	}
	base := filepath.Join(t.TempDir(), "base.json")
	if err := os.WriteFile(base, example.Base, 0o600); err != nil {
		t.Fatal(err)
	}

	// Each command as it prints something; first what is to be done before it.
	lines := map[string][][]string{
		"new":                 {{"new", fresh}},
		"key new":             {{"key", "new"}},
		"key list":            {{"key", "list"}},
		"key retire":          {{"key", "retire", key, "--yes"}},
		"key revoke":          {{"key", "revoke", key, "--yes"}},
		"key passphrase":      {{"key", "passphrase", key}},
		"plan":                {{"plan"}},
		"sign":                {{"sign"}},
		"build":               {{"build"}},
		"serve":               {{"serve", "--port", "0"}},
		"revoke":              {{"revoke", list, "--yes"}},
		"suspend":             {{"suspend", list, "--yes"}},
		"reinstate":           {{"suspend", list, "--yes"}, {"reinstate", list}},
		"record":              {{"record", "welcome-01"}},
		"reissue":             {{"reissue", list, "--yes"}},
		"list":                {{"list"}},
		"show":                {{"show", "welcome-01"}},
		"renew":               {{"renew", list, "--dry-run"}},
		"ledger":              {{"ledger"}},
		"ledger status":       {{"ledger", "status"}},
		"ledger check":        {{"ledger", "check"}},
		"ledger merge":        {{"ledger", "merge", site}},
		"ledger adopt":        {{"ledger", "adopt", filepath.Join(site, "public")}},
		"ledger mend-address": {{"elsewhere", "ledger", "mend-address", "--offline", "--yes"}},
		"ledger mend-clock":   {{"in 2096", "reissue", list, "--yes", "--date-is-right"}, {"ledger", "mend-clock", "--yes"}},
		"claim-links":         {{"claim-links"}},
		"withdraw":            {{"withdraw", list, "--yes"}},
		"verify":              {{"verify", "--offline", "--documents", filepath.Join(site, "public"), pages[0]}},
		"disclose":            {{"disclose", base, "--list"}},
		"audit":               {{"audit"}},
		"move":                {{"move", "https://badges.example.org", "--yes"}},
		"theme":               {{"theme"}},
		"theme list":          {{"theme", "list"}},
		"theme copy":          {{"theme", "copy", "templates/home.html"}},
		"theme strings":       {{"theme", "strings", "ga"}},
		"import":              {{"import"}},
		"import ob2":          {{"import", "ob2", "../testing/vectors/files/1edtech-ob20", "--dry-run"}},
		"publish":             {{"build"}, {"publish", "--folder", fresh, "--offline"}}, // a copy has other times
		"deliver":             {{"deliver", "--out", fresh}},
		"help":                {{"help", "plan"}},
		"completion bash":     {{"completion", "bash"}},
	}
	for _, t := range docs.Topics() {
		if lines[t.Name] == nil {
			lines[t.Name] = [][]string{{"help", t.Name}}
		}
	}
	a := &app{stdout: &output{to: io.Discard}, stderr: io.Discard}
	root := a.root()
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd()
	for _, c := range commands(root) {
		name := strings.TrimPrefix(c.CommandPath(), "laurel ")
		if lines[name] == nil && !strings.HasPrefix(name, "completion ") {
			t.Errorf("laurel %s is not tried", name)
		}
	}
	try := func(name string, steps [][]string, more ...string) {
		t.Run(strings.ReplaceAll(name, " ", "-")+strings.Join(more, ""), func(t *testing.T) {
			t.Parallel()
			dir := copySite(t, site)
			last := len(steps) - 1
			for _, before := range steps[:last] {
				if code, errs := run(dir, io.Discard, before...); code != exitGood {
					t.Fatalf("%v: %d %s", before, code, errs)
				}
			}
			args := append(slices.Clone(steps[last]), more...)
			for i, arg := range args {
				if arg == fresh {
					args[i] = filepath.Join(t.TempDir(), "fresh")
				}
			}
			code, errs := run(dir, full{}, args...)
			if code != exitProblem || !strings.Contains(errs, "laurel: write to standard output: no room\nhint: ") {
				t.Errorf("exit %d: %s", code, errs)
			}
		})
	}
	for name, steps := range lines {
		try(name, steps)
		if _, chapter := docs.Lookup(name); name != "serve" && name != "help" && !chapter && name != "completion bash" {
			try(name, steps, "--json")
		}
	}
	try("version", [][]string{{"--version"}})
	try("nothing", [][]string{{}})
	try("help of a command", [][]string{{"sign", "--help"}})
	if device, err := os.OpenFile("/dev/full", os.O_WRONLY, 0); err == nil {
		defer device.Close()
		if code, errs := run(copySite(t, site), device, "plan"); code != exitProblem || !strings.Contains(errs, "no space left on device") {
			t.Errorf("/dev/full: exit %d: %s", code, errs)
		}
	}
}

// copySite is a copy of a site folder, its keys as private as they were.
func copySite(t *testing.T, site string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "academy")
	if err := os.CopyFS(dir, os.DirFS(site)); err != nil {
		t.Fatal(err)
	}
	keys, err := filepath.Glob(filepath.Join(dir, "keys/*.jwe"))
	if err != nil || len(keys) == 0 {
		t.Fatalf("%d keys, %v", len(keys), err)
	}
	for _, file := range keys {
		if err := os.Chmod(file, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// commands are all that do something.
func commands(c *cobra.Command) []*cobra.Command {
	if !c.HasSubCommands() {
		return []*cobra.Command{c}
	}
	var all []*cobra.Command
	for _, sub := range c.Commands() {
		all = append(all, commands(sub)...)
	}
	return all
}
