package main

import (
	"bytes"
	"debug/buildinfo"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"

	"laurel/internal/cli"
)

// cyclonedx lists the parts of a program, as CycloneDX has them.
const cyclonedx = "github.com/CycloneDX/cyclonedx-gomod/cmd/cyclonedx-gomod@v1.10.0"

// common is what goes into the archives of all systems.
type common struct{ manual, unix, powershell []file }

func (c common) of(t target) []file {
	if t.os == "windows" {
		return c.powershell
	}
	return append(c.manual[:len(c.manual):len(c.manual)], append(c.unix, c.powershell...)...)
}

// documents makes the manual pages of all commands, and the completions.
func documents(version string, at time.Time) (common, error) {
	var c common
	root := cli.Commands()
	root.DisableAutoGenTag = true
	dir, err := os.MkdirTemp("", "laurel-manual-")
	if err != nil {
		return c, err
	}
	defer os.RemoveAll(dir)
	if err := doc.GenManTree(root, &doc.GenManHeader{Title: "LAUREL", Section: "1", Date: &at, Source: strings.TrimSpace("laurel " + version), Manual: "laurel"}, dir); err != nil {
		return c, err
	}
	pages, err := os.ReadDir(dir)
	if err != nil {
		return c, err
	}
	for _, p := range pages {
		b, err := os.ReadFile(filepath.Join(dir, p.Name()))
		if err != nil {
			return c, err
		}
		c.manual = append(c.manual, file{"man/man1/" + p.Name(), b, 0o644})
	}
	for _, s := range []struct {
		name string
		into *[]file
		make func(*cobra.Command, *bytes.Buffer) error
	}{
		{"laurel.bash", &c.unix, func(r *cobra.Command, b *bytes.Buffer) error { return r.GenBashCompletionV2(b, true) }},
		{"_laurel", &c.unix, func(r *cobra.Command, b *bytes.Buffer) error { return r.GenZshCompletion(b) }},
		{"laurel.fish", &c.unix, func(r *cobra.Command, b *bytes.Buffer) error { return r.GenFishCompletion(b, true) }},
		{"laurel.ps1", &c.powershell, func(r *cobra.Command, b *bytes.Buffer) error { return r.GenPowerShellCompletionWithDesc(b) }},
	} {
		var b bytes.Buffer
		if err := s.make(root, &b); err != nil {
			return c, err
		}
		*s.into = append(*s.into, file{"completions/" + s.name, b.Bytes(), 0o644})
	}
	return c, nil
}

// licences are those of the modules that are in a program, and of Go.
func licences(program string) ([]file, error) {
	info, err := buildinfo.ReadFile(program)
	if err != nil {
		return nil, err
	}
	out, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return nil, fmt.Errorf("go env: %w", err)
	}
	folders := [][2]string{{"go", strings.TrimSpace(string(out))}}
	for _, m := range info.Deps {
		out, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", m.Path).Output()
		if err != nil {
			return nil, fmt.Errorf("find %s: %w", m.Path, err)
		}
		folders = append(folders, [2]string{m.Path, strings.TrimSpace(string(out))})
	}
	var all []file
	for _, f := range folders {
		entries, err := os.ReadDir(f[1])
		if err != nil {
			return nil, err
		}
		found := false
		for _, e := range entries {
			name := strings.ToUpper(e.Name())
			if !e.Type().IsRegular() || !strings.HasPrefix(name, "LICEN") && !strings.HasPrefix(name, "COPYING") && !strings.HasPrefix(name, "NOTICE") && !strings.HasPrefix(name, "PATENTS") {
				continue
			}
			b, err := os.ReadFile(filepath.Join(f[1], e.Name()))
			if err != nil {
				return nil, err
			}
			all, found = append(all, file{"licences/" + strings.ReplaceAll(f[0], "/", "_") + "/" + e.Name(), b, 0o644}), true
		}
		if !found {
			return nil, fmt.Errorf("%s has no file with its licence", f[0])
		}
	}
	return all, nil
}

// parts lists the modules that are in a program (CycloneDX 1.6, JSON): without the
// time and the number that would make each list another one, and without the tool's
// own digest, which differs from machine to machine.
func parts(program, version string) ([]byte, error) {
	if version == "" {
		version = "devel"
	}
	c := exec.Command("go", "run", cyclonedx, "bin", "-json", "-noserial", "-licenses", "-output-version", "1.6", "-version", version, program)
	c.Env = append(os.Environ(), "GOFLAGS=")
	c.Stderr = new(bytes.Buffer)
	out, err := c.Output()
	if err != nil {
		return nil, fmt.Errorf("list the parts of %s: %w\n%s", program, err, c.Stderr)
	}
	var list, about map[string]jsontext.Value
	if err = json.Unmarshal(out, &list); err == nil {
		err = json.Unmarshal(list["metadata"], &about)
	}
	if err != nil {
		return nil, fmt.Errorf("the list of parts: %w", err)
	}
	delete(list, "serialNumber")
	delete(about, "timestamp")
	delete(about, "tools")
	if list["metadata"], err = json.Marshal(about, json.Deterministic(true)); err != nil {
		return nil, err
	}
	b, err := json.Marshal(list, json.Deterministic(true), jsontext.WithIndent("  "))
	return append(b, '\n'), err
}
