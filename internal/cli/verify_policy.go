package cli

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"gopkg.in/yaml.v3"

	"laurel/internal/authoring/model"
	"laurel/internal/standards/verify"
)

// requirements are those of --policy, --require and --recipient together, or nil
// if there are none.
func (v verifying) requirements(a *app) (*verify.Policy, error) {
	p := &verify.Policy{}
	if v.policy != "" {
		list, err := readPolicy(a.env.path(v.policy))
		if err != nil {
			return nil, fmt.Errorf("--policy: %w", err)
		}
		p.Requirements = list
	}
	require := v.require
	if v.recipient != "" {
		require = append(require, "recipient="+v.recipient)
	}
	for _, arg := range require {
		key, value, ok := strings.Cut(arg, "=")
		if arg == "log" {
			value, ok = "true", true
		}
		if !ok {
			return nil, misuse("such as --require achievementType=Certificate", "--require %q is not KEY=VALUE", arg)
		}
		r := verify.Requirement{Key: strings.TrimSpace(key), Value: strings.TrimSpace(value)}
		if err := r.Check(); err != nil {
			return nil, misuse("laurel verify --help", "%v", err)
		}
		p.Requirements = append(p.Requirements, r)
	}
	if len(p.Requirements) == 0 {
		return nil, nil
	}
	return p, nil
}

// readPolicy reads a YAML file: each key of a requirement with one value or a
// list of alternatives. Values are taken as they are written, so that a date
// stays one.
func readPolicy(file string) ([]verify.Requirement, error) {
	root, err := readYAML(file)
	if err != nil {
		return nil, err
	}
	if root.Kind != yaml.MappingNode {
		return nil, fmt.Errorf("%s:%d: a policy is a list of requirements, such as achievementType: Certificate", file, root.Line)
	}
	var list []verify.Requirement
	for i := 0; i+1 < len(root.Content); i += 2 {
		key, value := root.Content[i], root.Content[i+1]
		values := []*yaml.Node{value}
		if value.Kind == yaml.SequenceNode {
			values = value.Content
		}
		if len(values) == 0 {
			return nil, fmt.Errorf("%s:%d: %s has no value", file, key.Line, clean(key.Value))
		}
		for _, v := range values {
			if v.Kind != yaml.ScalarNode {
				return nil, fmt.Errorf("%s:%d: %s takes a text or a list of texts", file, v.Line, clean(key.Value))
			}
			r := verify.Requirement{Key: key.Value, Value: v.Value}
			if err := r.Check(); err != nil {
				return nil, fmt.Errorf("%s:%d: %w", file, v.Line, err)
			}
			list = append(list, r)
		}
	}
	return list, nil
}

// readYAML returns the one document of a YAML or JSON file. The library drops a
// second document silently, and takes a name twice in untyped nodes; neither is
// taken here.
func readYAML(file string) (*yaml.Node, error) {
	data, err := readDocument(file)
	if err != nil {
		return nil, err
	}
	if len(data) > maxDocument {
		return nil, fmt.Errorf("read %s: longer than 1 MiB", file)
	}
	if model.HasClaimLink(data) { // which messages about it would quote
		return nil, fmt.Errorf("read %s: it contains a claim link, which belongs to a learner", file)
	}
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	var doc, more yaml.Node
	if err := decoder.Decode(&doc); errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read %s: it is empty", file)
	} else if err != nil {
		return nil, fmt.Errorf("read %s: %w", file, err)
	}
	if err := decoder.Decode(&more); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("read %s: it has a second document", file)
	}
	root := doc.Content[0]
	if err := checkYAML(root); err != nil {
		return nil, fmt.Errorf("%s:%w", file, err)
	}
	return root, nil
}

func checkYAML(n *yaml.Node) error {
	if n.Kind == yaml.AliasNode {
		return fmt.Errorf("%d: aliases are not allowed here", n.Line)
	}
	seen := map[string]bool{}
	for i, child := range n.Content {
		if n.Kind == yaml.MappingNode && i%2 == 0 {
			if seen[child.Value] {
				return fmt.Errorf("%d: %q is given twice", child.Line, child.Value)
			}
			seen[child.Value] = true
		}
		if err := checkYAML(child); err != nil {
			return err
		}
	}
	return nil
}

// loadRegistries reads lists of known issuers; of one that two lists have, the
// first list counts. No file is no register.
func (a *app) loadRegistries(files []string) (*verify.Registry, error) {
	if len(files) == 0 {
		return nil, nil
	}
	r := &verify.Registry{Issuers: map[string]verify.RegisteredIssuer{}}
	var names []string
	for _, file := range files {
		root, err := readYAML(a.env.path(file))
		if err != nil {
			return nil, fmt.Errorf("--registry: %w", err)
		}
		issuers, err := registered(root)
		if err != nil {
			return nil, fmt.Errorf("--registry: %s: %w", file, err)
		}
		for id, known := range issuers {
			if _, has := r.Issuers[id]; !has {
				r.Issuers[id] = known
			}
		}
		names = append(names, filepath.Base(file))
	}
	r.Name = strings.Join(names, ", ")
	return r, nil
}

// registered reads the known issuers of a file. The form of the Digital
// Credentials Consortium is {"registry": {"did:…": {"name", "url", "location"}}};
// beside it a list of DIDs or of {did, name, url, location}, or a mapping of DIDs.
func registered(root *yaml.Node) (map[string]verify.RegisteredIssuer, error) {
	entries := root
	if root.Kind == yaml.MappingNode {
		for i := 0; i+1 < len(root.Content); i += 2 {
			switch root.Content[i].Value {
			case "registry", "entries", "issuers":
				entries = root.Content[i+1]
			}
		}
	}
	issuers := map[string]verify.RegisteredIssuer{}
	add := func(id string, n *yaml.Node) error {
		if !strings.HasPrefix(id, "did:") && !strings.HasPrefix(id, "https://") {
			return fmt.Errorf("line %d: %q is neither a DID nor an https URL", n.Line, clean(id))
		}
		var known verify.RegisteredIssuer
		if n.Kind == yaml.MappingNode {
			if err := n.Decode(&known); err != nil {
				return fmt.Errorf("line %d: %w", n.Line, err)
			}
		} else if n.Value != id {
			known.Name = n.Value
		}
		issuers[id] = known
		return nil
	}
	switch entries.Kind {
	case yaml.MappingNode:
		for i := 0; i+1 < len(entries.Content); i += 2 {
			if err := add(entries.Content[i].Value, entries.Content[i+1]); err != nil {
				return nil, err
			}
		}
	case yaml.SequenceNode:
		for _, n := range entries.Content {
			id := n.Value
			if n.Kind == yaml.MappingNode {
				var named struct{ DID, ID string }
				if err := n.Decode(&named); err != nil {
					return nil, fmt.Errorf("line %d: %w", n.Line, err)
				}
				id = named.DID + named.ID
			}
			if err := add(id, n); err != nil {
				return nil, err
			}
		}
	}
	if len(issuers) == 0 {
		return nil, errors.New("it lists no issuer")
	}
	return issuers, nil
}
